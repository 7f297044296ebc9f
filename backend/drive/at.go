package drive

import (
	"fmt"
	"path/filepath"
)

// At answers the drive that holds the path, links followed, at the nearest
// parent that exists. Its sizes are not measured, so that it takes no time;
// see Space.
func At(path string) (Drive, error) {
	existing, err := existing(path)
	if err != nil {
		return Drive{}, err
	}
	resolved, err := filepath.EvalSymlinks(existing)
	if err != nil {
		return Drive{}, fmt.Errorf("resolve %s: %w", path, err)
	}
	return at(resolved)
}

// FileSystemOf answers the name of the file system that holds the path, such
// as "vfat" or "ext4".
func FileSystemOf(path string) (string, error) {
	d, err := At(path)
	return d.FileSystem, err
}
