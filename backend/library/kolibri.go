package library

import (
	"bufio"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"nectar/backend/datadir"
	"nectar/backend/fault"
)

// KolibriOn answers KolibriRunning when a Kolibri runs on a content folder, and
// nil otherwise. Kolibri keeps server.pid in its home folder, which holds the
// content folder, with its process number in the first line, and removes it
// when it stops; after a crash it stays, and the number tells.
func KolibriOn(content string) error {
	if resolved, err := filepath.EvalSymlinks(content); err == nil {
		content = resolved
	}
	for _, home := range []string{filepath.Dir(content), content} {
		f, err := os.Open(filepath.Join(home, "server.pid"))
		if err != nil {
			continue
		}
		lines := bufio.NewScanner(f)
		lines.Scan()
		_ = f.Close()
		pid, err := strconv.Atoi(strings.TrimSpace(lines.Text()))
		if err == nil && pid > 0 && datadir.Alive(pid) {
			return fault.New(fault.KolibriRunning, "path", content, "pid", pid)
		}
	}
	return nil
}
