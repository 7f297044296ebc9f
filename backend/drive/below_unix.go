//go:build unix

package drive

import (
	"slices"
	"strings"
)

// below reports whether the path is one of the folders or inside one.
func below(path string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool {
		return path == folder || strings.HasPrefix(path, strings.TrimSuffix(folder, "/")+"/")
	})
}
