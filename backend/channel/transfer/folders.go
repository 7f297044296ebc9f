package transfer

import (
	"path/filepath"

	"nectar/backend/atomicfile"
)

// syncFolders syncs each folder between the content folder and a file, since
// any of them may be new.
func syncFolders(content string, paths []string) error {
	synced := make(map[string]bool)
	for _, path := range paths {
		for dir := filepath.Dir(path); !synced[dir]; dir = filepath.Dir(dir) {
			synced[dir] = true
			if err := atomicfile.SyncDir(dir); err != nil {
				return err
			}
			if dir == content || dir == filepath.Dir(dir) {
				break
			}
		}
	}
	return nil
}
