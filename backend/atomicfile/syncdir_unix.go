//go:build unix

package atomicfile

import "os"

// SyncDir waits until the names in the folder, as they are now, would survive
// a power cut. Like Sync it tolerates file systems that cannot promise it.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return Classify(err, dir)
	}
	defer func() { _ = d.Close() }()
	return Classify(Sync(d), dir)
}
