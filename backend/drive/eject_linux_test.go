package drive_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend/drive"
	"nectar/backend/fault"
)

func TestEject(t *testing.T) {
	t.Parallel()
	stick := drive.Drive{Path: "/media/stick", Device: "/dev/sdb1", Removable: true}
	// tool makes a program that writes down what it is asked, says something
	// and ends with a status.
	tool := func(t *testing.T, says string, status int) (path, asked string) {
		t.Helper()
		folder := t.TempDir()
		path, asked = filepath.Join(folder, "tool"), filepath.Join(folder, "asked")
		script := fmt.Sprintf("#!/bin/sh\necho \"$@\" >> %s\necho '%s'\nexit %d\n", asked, says, status)
		if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		return path, asked
	}

	t.Run("a drive is unmounted and switched off", func(t *testing.T) {
		t.Parallel()
		path, asked := tool(t, "Unmounted", 0)
		if err := drive.EjectBy(t.Context(), path, stick); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(asked)
		lines := strings.Split(strings.TrimSpace(string(got)), "\n")
		if err != nil || len(lines) != 2 || !strings.HasPrefix(lines[0], "unmount") || !strings.HasPrefix(lines[1], "power-off") || !strings.HasSuffix(lines[0], "/dev/sdb1") {
			t.Errorf("asked %q, %v", lines, err)
		}
	})
	for name, test := range map[string]struct {
		says string
		want fault.Code
	}{
		"that something uses is said to be busy": {"Error unmounting /dev/sdb1: target is busy", fault.DriveBusy},
		"that cannot be let go is said to be so": {"Not authorized", fault.NoEject},
	} {
		t.Run("one "+name, func(t *testing.T) {
			t.Parallel()
			path, _ := tool(t, test.says, 1)
			if err := drive.EjectBy(t.Context(), path, stick); fault.CodeOf(err) != test.want {
				t.Errorf("it says %v", err)
			}
		})
	}
	t.Run("without the tool there is no way", func(t *testing.T) {
		t.Parallel()
		if err := drive.EjectBy(t.Context(), "no-such-tool-of-udisks", stick); fault.CodeOf(err) != fault.NoEject {
			t.Errorf("it says %v", err)
		}
	})
	t.Run("a disk inside of the machine stays", func(t *testing.T) {
		t.Parallel()
		if err := drive.Eject(t.Context(), "/"); fault.CodeOf(err) != fault.NoEject {
			t.Errorf("it says %v", err)
		}
	})
}
