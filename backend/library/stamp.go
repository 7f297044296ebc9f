package library

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Stamp answers a text that changes whenever a channel database came, went or
// was replaced.
func (l *Library) Stamp() (string, error) {
	ids, err := l.databases()
	if err != nil {
		return "", err
	}
	var stamp strings.Builder
	for _, id := range ids {
		info, err := os.Lstat(id.DatabaseIn(l.Content()))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("look at a database: %w", err)
		}
		fmt.Fprintf(&stamp, "%s %d %d\n", id, info.Size(), info.ModTime().UnixNano())
	}
	return stamp.String(), nil
}

// lstatFile looks at an ordinary file; a folder or link in its place is none.
func lstatFile(path string) (fs.FileInfo, error) {
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fs.ErrNotExist
	}
	return info, err
}
