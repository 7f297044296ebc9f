package transfer_test

import (
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
)

// The first run after a kill may come before the sweep: what was left of its own files
// takes no room from it. What another run is writing stays.
func TestWhatAKilledRunLeftTakesNoRoom(t *testing.T) {
	t.Parallel()
	for name, of := range map[string]func(item transfer.Item, content string) string{
		"under the temporary name of a file": func(item transfer.Item, content string) string { return item.In(content) + ".transfer" },
		"in a folder under its temporary name": func(item transfer.Item, content string) string {
			return filepath.Join(filepath.Dir(item.In(content))+".transfer", item.Name())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			items := b.stick.items(300_000, 300_000)
			const disk = 700_000
			b.cfg = transfer.Config{Reserve: -1, Claims: &transfer.Claims{}, Free: func(string) (int64, error) {
				free := int64(disk)
				for _, path := range filesIn(t, b.content) {
					if info, err := os.Stat(path); err == nil {
						free -= info.Size()
					}
				}
				return free, nil
			}}
			left := of(items[0], b.content)
			must(t, os.MkdirAll(filepath.Dir(left), 0o700))
			must(t, os.WriteFile(left, make([]byte, 250_000), 0o600))

			plan := b.plan(t, items)
			cfg := b.cfg
			cfg.Source, cfg.Content, cfg.Index = b.stick, b.content, b.index
			var held []func()
			for _, path := range []string{items[0].In(b.content), filepath.Dir(items[0].In(b.content)) + ".transfer"} {
				release, err := cfg.Claims.Hold(t.Context(), path)
				must(t, err)
				held = append(held, release)
			}
			if _, err := transfer.Run(t.Context(), cfg, plan); fault.CodeOf(err) != fault.DiskFull {
				t.Errorf("while another run may be writing it, it ends with %v", err)
			}
			for _, release := range held {
				release()
			}
			same(t, "files copied", b.mustRun(t, items).FilesCopied, len(items))
		})
	}
}
