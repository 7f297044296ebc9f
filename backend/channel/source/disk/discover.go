package disk

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	"nectar/backend/channel/source"
	"nectar/backend/drive"
)

// Discover finds the drives that hold KOLIBRI_DATA at their root, ordered by
// where they are mounted. A drive that does not answer, or cannot be read, is
// left out.
func (m Machine) Discover(ctx context.Context) ([]source.Source, error) {
	drives, err := m.drives.List(ctx)
	if err != nil {
		return nil, err
	}
	paths := make([]string, len(drives))
	for i, d := range drives {
		paths[i] = d.Path
	}
	return m.discover(ctx, paths)
}

// discover asks all drives at once, each with the patience of package drive.
func (m Machine) discover(ctx context.Context, paths []string) ([]source.Source, error) {
	answers := make([]source.Source, len(paths))
	var asked sync.WaitGroup
	for i, path := range paths {
		asked.Go(func() {
			answers[i], _ = drive.Ask(ctx, func() source.Source { return m.openDrive(path) })
		})
	}
	asked.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var found []source.Source
	for _, s := range answers {
		if s != nil {
			found = append(found, s)
		}
	}
	return found, nil
}

// openDrive answers nil for a drive without KOLIBRI_DATA. Open would also take
// a content folder, which on a system's own disk need not mean channels.
func (m Machine) openDrive(path string) source.Source {
	info, err := os.Lstat(filepath.Join(path, dataFolder))
	if err != nil || !info.IsDir() {
		return nil
	}
	opened, err := m.Open(path)
	if err != nil {
		return nil
	}
	return opened
}
