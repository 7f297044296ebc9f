package disk

import (
	"fmt"
	"os"
)

// grip opens a folder and answers a path that leads into what was opened, even
// when something else is mounted over it.
func grip(folder string) (path string, release func(), err error) {
	opened, err := os.Open(folder)
	if err != nil {
		return "", nil, err
	}
	path = fmt.Sprintf("/proc/self/fd/%d", opened.Fd())
	if !same(path, folder) {
		path = folder // there is no /proc, or another drive, which whoever holds it finds out
	}
	return path, func() { _ = opened.Close() }, nil
}
