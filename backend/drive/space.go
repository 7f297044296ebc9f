package drive

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Space measures the drive that holds the path, at the nearest parent that
// exists: the bytes that an ordinary user may still write, and all bytes.
func Space(path string) (free, total int64, err error) {
	at, err := existing(path)
	if err != nil {
		return 0, 0, err
	}
	free, total, err = space(at)
	if err != nil {
		return 0, 0, fmt.Errorf("measure %s: %w", at, err)
	}
	return free, total, nil
}

// existing answers the path or its nearest parent that exists.
func existing(path string) (string, error) {
	at, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", path, err)
	}
	for {
		_, err := os.Stat(at)
		parent := filepath.Dir(at)
		if err == nil || parent == at {
			return at, err
		}
		if !errors.Is(err, fs.ErrNotExist) && !notAFolder(err) {
			return "", fmt.Errorf("find %s: %w", at, err)
		}
		at = parent
	}
}
