package drive

import (
	"path/filepath"
	"strings"
)

// sameFileSystem compares the letters of the drives.
func sameFileSystem(a, b string) bool {
	return strings.EqualFold(filepath.VolumeName(a), filepath.VolumeName(b))
}
