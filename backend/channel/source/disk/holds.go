package disk

import (
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
)

var _ source.Holder = (*disk)(nil)

// Holds implements source.Holder. It reads the folders in which the files would
// lie, which takes far less time than looking for each; what lies there need
// not be whole.
func (d *disk) Holds(ctx context.Context, _ channel.ID, files []channel.Checksum) (func(channel.Checksum) bool, error) {
	held := map[channel.Checksum]bool{}
	looked := map[string]bool{}
	for _, sum := range files {
		name := sum.String()
		folder := filepath.Join(d.content, "storage", name[:1], name[1:2])
		if looked[folder] {
			continue
		}
		looked[folder] = true
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		entries, err := os.ReadDir(folder)
		if err != nil {
			if gone := d.Alive(ctx); gone != nil {
				return nil, gone
			}
			continue // none of them is there
		}
		for _, e := range entries {
			stem, _, _ := strings.Cut(e.Name(), ".")
			if sum, err := hex.DecodeString(stem); err == nil && len(sum) == len(channel.Checksum{}) && e.Type().IsRegular() && !strings.HasSuffix(e.Name(), ".transfer") {
				held[channel.Checksum(sum)] = true
			}
		}
	}
	return func(sum channel.Checksum) bool { return held[sum] }, nil
}
