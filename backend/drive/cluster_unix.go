//go:build unix

package drive

import "golang.org/x/sys/unix"

func cluster(path string) int64 {
	var s unix.Statfs_t
	if unix.Statfs(path, &s) != nil {
		return 0
	}
	return int64(s.Bsize) //nolint:unconvert // the type differs between systems
}
