//go:build !linux && !windows

package drive

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/shirou/gopsutil/v4/disk"
)

// mounts asks the system for its partitions. On macOS drives of people are
// mounted below /Volumes.
func mounts(ctx context.Context) ([]mount, error) {
	partitions, err := disk.PartitionsWithContext(ctx, false)
	if err != nil {
		return nil, fmt.Errorf("list drives: %w", err)
	}
	var found []mount
	for _, p := range partitions {
		if strings.HasPrefix(p.Mountpoint, "/System/") || strings.HasPrefix(p.Mountpoint, "/dev") {
			continue
		}
		found = append(found, mount{
			device:     p.Device,
			path:       p.Mountpoint,
			fileSystem: p.Fstype,
			readOnly:   slices.Contains(p.Opts, "ro"),
			removable:  strings.HasPrefix(p.Mountpoint, "/Volumes/"),
		})
	}
	return found, nil
}

func (m mount) name() string { return filepath.Base(m.path) }
