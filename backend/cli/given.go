package cli

import (
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"nectar/backend/channel/source/disk"
)

// maxFolder is how long the name of a folder may be, in bytes.
const maxFolder = 4096

// GivenFolder answers the folder that the window is asked to import from:
// "nectar /media/usb", a folder that was dropped on the program's icon, or a file
// that stands for the folder that it lies in. The
// arguments are whatever another process wrote, seen from its folder dir. They
// name a folder only when one is there, and only one by a path, so that no
// command is ever mistaken for a folder. "" is none.
func GivenFolder(args []string, dir string) string {
	_, rest, window := windowArgs(args)
	if !window || len(rest) != 1 {
		return ""
	}
	path := rest[0]
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	if disk.IsOpener(path) && KnownFolder(path) == "" {
		if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
			return ""
		}
		path = filepath.Dir(path)
	}
	return KnownFolder(path)
}

// KnownFolder answers the clean name of a folder that is there, or "" for
// anything else: another process may have named it.
func KnownFolder(path string) string {
	if len(path) > maxFolder || !utf8.ValidString(path) || strings.ContainsFunc(path, unicode.IsControl) || !filepath.IsAbs(path) {
		return ""
	}
	path = filepath.Clean(path)
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return ""
	}
	return path
}

// isPath reports whether an argument names a file by its path. A word alone is
// the name of a command.
func isPath(arg string) bool {
	return strings.ContainsFunc(arg, func(c rune) bool { return c == '/' || c == filepath.Separator }) && !strings.HasPrefix(arg, "-")
}
