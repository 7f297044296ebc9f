package transfer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"nectar/backend/atomicfile"
)

// SweepFetched removes the databases that source.FetchDatabase was copying into
// the content folder when the program died. It must be called before anything
// is fetched.
func SweepFetched(content string) error {
	folder := filepath.Join(content, "databases")
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil //nolint:nilerr // there is none yet, or none that we could sweep
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".nectar-") || !atomicfile.IsTemp(e.Name()) {
			continue
		}
		if err := os.Remove(filepath.Join(folder, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("sweep a fetched database: %w", err)
		}
	}
	return nil
}
