package drive_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"nectar/backend/drive"
)

// hang is how long a test waits before it says that nothing comes.
const hang = 5 * time.Minute

// mountsEnv tells a child process in which folder to mount something.
const mountsEnv = "NECTAR_TEST_MOUNTS"

func TestWatch(t *testing.T) {
	t.Parallel()

	t.Run("whoever watches hears that it watches, and nothing when the context ends", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		heard := make(chan struct{}, 100)
		ended := make(chan error, 1)
		go func() { ended <- drive.Watch(ctx, func() { heard <- struct{}{} }) }()
		await(t, heard)
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(hang):
			t.Fatal("it still watches")
		}
	})

	// What can be mounted by anybody is mounted in a world of one's own, where
	// one is root.
	t.Run("it hears of what is mounted and unmounted", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMounts$", "-test.v")
		child.Env = append(os.Environ(), mountsEnv+"="+folder)
		child.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
			UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
		}
		out, err := child.CombinedOutput()
		switch {
		case err != nil && child.ProcessState == nil:
			t.Skipf("nobody may make a world of their own here: %v", err)
		case strings.Contains(string(out), "--- SKIP"):
			t.Skipf("nothing can be mounted here:\n%s", out)
		case err != nil:
			t.Errorf("%v\n%s", err, out)
		}
	})
}

func await(t *testing.T, heard <-chan struct{}) {
	t.Helper()
	select {
	case <-heard:
	case <-time.After(hang):
		t.Fatal("nothing was heard")
	}
}

// TestMounts is the child of TestWatch.
func TestMounts(t *testing.T) {
	folder := os.Getenv(mountsEnv)
	if folder == "" {
		t.Skip("it is run by another test")
	}
	heard := make(chan struct{}, 100)
	go func() {
		if err := drive.Watch(t.Context(), func() { heard <- struct{}{} }); err != nil {
			t.Errorf("the watch ended: %v", err)
		}
	}()
	await(t, heard)
	stick := filepath.Join(folder, "stick")
	if err := os.Mkdir(stick, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("none", stick, "tmpfs", 0, ""); err != nil {
		t.Skip(err)
	}
	await(t, heard)
	if at, err := drive.At(filepath.Join(stick, "KOLIBRI_DATA")); err != nil || at.Path != stick {
		t.Errorf("the stick is at %q, %v", at.Path, err)
	}
	if err := syscall.Unmount(stick, syscall.MNT_DETACH); err != nil {
		t.Fatal(err)
	}
	await(t, heard)
	if at, err := drive.At(stick); err != nil || at.Path == stick {
		t.Errorf("the stick is still at %q, %v", at.Path, err)
	}
}

func TestAttached(t *testing.T) {
	t.Parallel()
	m := plug(t)
	for device, want := range map[string]bool{
		"/dev/sdb1": true, "/dev/pulled1": false,
		"/dev/root": true, "overlay": true, "//server/share": true, "server:/share": true,
	} {
		if got := drive.AttachedTo(filepath.Join(m.root, "sys"), drive.Drive{Device: device}); got != want {
			t.Errorf("%s is attached: %v, want %v", device, got, want)
		}
	}
}
