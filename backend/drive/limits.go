package drive

import (
	"math"
	"slices"
	"strings"
)

// fat are the names of the file systems of the family of FAT that take no
// file of 4 GiB, as the systems spell them.
var fat = []string{"vfat", "msdos", "umsdos", "fat", "fat12", "fat16", "fat32"}

// picky are further file systems that take no file names but those of Windows.
var picky = []string{"exfat", "fuse.exfat", "ntfs", "ntfs3", "ntfs-3g", "fuseblk", "refs"}

// MaxFile answers how many bytes a file may have in a file system of this
// name, as Drive.FileSystem has it.
func MaxFile(fileSystem string) int64 {
	if slices.Contains(fat, strings.ToLower(fileSystem)) {
		return math.MaxUint32
	}
	return math.MaxInt64
}

// reserved are names that Windows keeps for devices, with any extension.
var reserved = []string{
	"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
}

// AllowsName reports whether a file or folder of this name can be made in a
// file system, and be read by all systems that read it.
func AllowsName(fileSystem, name string) bool {
	kind := strings.ToLower(fileSystem)
	if !slices.Contains(fat, kind) && !slices.Contains(picky, kind) {
		return true
	}
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	return !strings.ContainsAny(name, `"*/:<>?\|`) && strings.IndexFunc(name, func(r rune) bool { return r < ' ' }) < 0 &&
		!strings.HasSuffix(name, ".") && !strings.HasSuffix(name, " ") && !slices.Contains(reserved, strings.TrimSpace(stem))
}

// The limits of what a file takes at least, in bytes: most file systems give
// out 4 KiB, exFAT up to 128 KiB. Network folders say more, and mean something
// else.
const (
	leastCluster = 4 << 10
	mostCluster  = 128 << 10
)

// Cluster answers the unit in which the file system of the path, or of its
// nearest parent that exists, gives out its room. Thousands of tiny files need
// far more room than their bytes.
func Cluster(path string) int64 {
	at, err := existing(path)
	if err != nil {
		return leastCluster
	}
	return min(max(cluster(at), leastCluster), mostCluster)
}
