//go:build unix

package backend_test

import (
	"io/fs"
	"syscall"
)

// device answers the file system of a file.
func device(info fs.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Dev) //nolint:unconvert // 32 bits on some systems
	}
	return 0
}
