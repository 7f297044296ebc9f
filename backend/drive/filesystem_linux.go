package drive

import (
	"fmt"
	"os"
	"path/filepath"
)

func fileSystem(path string) (string, error) {
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", fmt.Errorf("resolve %s: %w", path, err)
	}
	table, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return "", fmt.Errorf("read mounts: %w", err)
	}
	best := mount{}
	for _, m := range parseMounts(string(table)) {
		// Of two mounts at one path the later covers the earlier.
		if len(m.path) >= len(best.path) && (m.path == "/" || below(resolved, m.path)) {
			best = m
		}
	}
	return best.fileSystem, nil
}
