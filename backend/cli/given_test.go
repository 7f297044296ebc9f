package cli_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"nectar/backend/cli"
)

func TestAFolderThatTheWindowIsGiven(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	drive := filepath.Join(dir, "media", "usb stick")
	if err := os.MkdirAll(drive, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(drive, "a.txt")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	opener := filepath.Join(drive, "Nectar.NECTAR")
	if err := os.WriteFile(opener, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	relative := filepath.Join("media", "usb stick")
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"by its whole path", []string{drive}, drive},
		{"from where the program was started", []string{relative}, drive},
		{"with flags for the window", []string{"--data", dir, drive + string(filepath.Separator)}, drive},
		{"none", nil, ""},
		{"none, but another data folder", []string{"--data", drive}, ""},
		{"a command is never one", []string{"media"}, ""},
		{"nor is what a command is given", []string{"export", drive}, ""},
		{"two", []string{drive, drive}, ""},
		{"a file", []string{file}, ""},
		{"the file that an export puts beside its channels", []string{opener}, drive},
		{"such a file that is not there", []string{filepath.Join(drive, "gone.nectar")}, ""},
		{"one that is not there", []string{filepath.Join(dir, "gone")}, ""},
		{"an address", []string{"nectar://open/" + drive}, ""},
		{"with control characters", []string{drive + "\x1b[2J"}, ""},
		{"in no known letters", []string{drive + "\xff"}, ""},
		{"endless", []string{dir + strings.Repeat("/.", 4096)}, ""},
	} {
		if got := cli.GivenFolder(c.args, dir); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := cli.KnownFolder("media"); got != "" {
		t.Errorf("a folder of no known place is taken for %q", got)
	}
}

func TestAControlCharacterIsNoFolderEvenIfOneIsThere(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no such folder can be made")
	}
	odd := filepath.Join(t.TempDir(), "a\nb")
	if err := os.Mkdir(odd, 0o755); err != nil {
		t.Skip(err)
	}
	if got := cli.KnownFolder(odd); got != "" {
		t.Errorf("it is taken for %q", got)
	}
}

func TestAFolderAsksForTheWindow(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if _, window := cli.WantsWindow([]string{folder}); !window {
		t.Error("a folder does not open the window")
	}
	if _, window := cli.WantsWindow([]string{filepath.Join(folder, "gone")}); window {
		t.Error("a folder that is not there opens the window instead of being said")
	}
}
