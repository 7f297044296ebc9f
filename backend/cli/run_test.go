package cli_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/cli"
	"nectar/backend/datadir"
)

func TestWantsWindow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args string
		want bool
		data string
	}{
		{"", true, ""},
		{"--data D", true, "D"},
		{"--data=D --as Amal", true, "D"},
		{"--json", true, ""},
		{"--data", false, ""},
		{"--data --json", false, ""},
		{"--help", false, ""},
		{"--version", false, ""},
		{"jobs", false, ""},
		{"--data D jobs", false, ""},
		{"--nonsense", false, ""},
		{"-x", false, ""},
	} {
		globals, got := cli.WantsWindow(strings.Fields(c.args))
		if got != c.want || globals.Data != c.data {
			t.Errorf("%q: window %v with data %q", c.args, got, globals.Data)
		}
	}
}

func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	data := filepath.Join(folder, "data")
	l := laptop{tasks: plainTasks}
	if c := l.call(t, data, nil, "enqueue", "maths.add", `{"x":1,"y":1}`); c.status != 0 {
		t.Fatalf("enqueue: %s", &c.stderr)
	}
	before := files(t, data)
	for _, command := range []string{"jobs", "jobs show 1", "channels", "sources", "tasks"} {
		if c := l.call(t, data, nil, strings.Fields(command)...); c.status != 0 {
			t.Errorf("%s: %s", command, &c.stderr)
		}
	}
	if diff := cmp.Diff(before, files(t, data)); diff != "" {
		t.Errorf("files (-before +after):\n%s", diff)
	}
}

// files answers the files of a folder with their sizes, apart from those that
// SQLite keeps beside an open database.
func files(t *testing.T, folder string) map[string]int64 {
	t.Helper()
	found := map[string]int64{}
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(path, "-wal") || strings.HasSuffix(path, "-shm") {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			found[path] = info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAFolderInUse(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	dir, err := datadir.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	lock, err := dir.Lock()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Unlock() }()
	l := laptop{tasks: plainTasks}
	for _, command := range []string{"work", "jobs cancel 1", "enqueue maths.add", "enqueue maths.add --wait"} {
		c := l.call(t, data, nil, append(strings.Fields(command), "--json")...)
		refused := decode[struct{ Error struct{ Code string } }](t, c.stderr.String())
		if c.status != 2 || refused.Error.Code != "in_use" || c.stdout.Len() > 0 {
			t.Errorf("%s: status %d, %s%s", command, c.status, &c.stderr, &c.stdout)
		}
	}
	if c := l.call(t, data, nil, "jobs", "--json"); c.status != 0 {
		t.Errorf("reading beside the owner: %s", &c.stderr)
	}
}

func TestNothingBreaksTheParser(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	l := laptop{tasks: plainTasks}
	for _, args := range [][]string{
		{""},
		{"-"},
		{"--"},
		{"---"},
		{"-\xff"},
		{"jobs", "-\xff\xfe"},
		{"\x1b[2J"},
		{"jobs", "--limit", "-1"},
		{"jobs", "--limit=99999999999999999999"},
		{"enqueue"},
		{"enqueue", "-", "-"},
		{"jobs", "show"},
		{"tree"},
		{"import", strings.Repeat("x", 1<<16)},
		{"enqueue", "maths.add", strings.Repeat("[", 1<<16)},
	} {
		c := l.call(t, data, nil, args...)
		if c.status != 2 || bytes.ContainsAny(c.stderr.Bytes(), "\x1b") || !utf8.Valid(c.stderr.Bytes()) {
			t.Errorf("%.60q: status %d, %.200q", args, c.status, c.stderr.String())
		}
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("a data folder was made")
	}
}
