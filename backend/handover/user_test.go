//go:build linux || darwin

package handover_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"nectar/backend/handover"
)

// strangerEnv makes the test binary try a socket, as another user.
const strangerEnv = "NECTAR_TEST_STRANGER"

func TestMain(m *testing.M) {
	if path := os.Getenv(strangerEnv); path != "" {
		fmt.Print(try(path))
		return
	}
	goleak.VerifyTestMain(m)
}

// try says how far one gets at a socket.
func try(path string) string {
	c, err := net.Dial("unix", path) //nolint:noctx // the process ends with its test
	if errors.Is(err, fs.ErrPermission) {
		return "kept out"
	}
	if err != nil {
		return err.Error()
	}
	if _, _, err := handover.ReadFrame(c, handover.MaxHello); err != nil {
		return "hung up on"
	}
	return "served"
}

// nobody is an unprivileged user.
const nobody = 65534

// asNobody tries the socket as another user.
func asNobody(t *testing.T, path string) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "nectar") //nolint:usetesting // others have to look into it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	program := filepath.Join(folder, "stranger")
	copyFile(t, os.Args[0], program) // the test binary lies where only this user may look
	if err := errors.Join(os.Chmod(folder, 0o755), os.Chmod(program, 0o755)); err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), program)
	child.Dir = folder
	child.Env = append(os.Environ(), strangerEnv+"="+path)
	child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("the stranger ends with %v: %s", err, out)
	}
	return string(out)
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// runtimeFolder makes this process's sockets lie in a folder of the test.
func runtimeFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "nectar") //nolint:usetesting // short, as the path of a socket has to be
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	t.Setenv("XDG_RUNTIME_DIR", folder)
	return folder
}

// socketIn answers the one socket of the runtime folder.
func socketIn(t *testing.T, folder string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "nectar", "*"))
	if err != nil || len(found) != 1 {
		t.Fatalf("in the runtime folder are %q, %v", found, err)
	}
	return found[0]
}

func TestThePlaceIsForThisUserAlone(t *testing.T) {
	place := runtimeFolder(t)
	serve(t, t.TempDir(), handover.Work, owner{})
	socket := socketIn(t, place)
	for path, want := range map[string]fs.FileMode{
		filepath.Dir(socket): fs.ModeDir | 0o700,
		socket:               fs.ModeSocket | 0o600,
	} {
		if info, err := os.Lstat(path); err != nil || info.Mode() != want {
			t.Errorf("%s has the mode %v, want %v", path, info.Mode(), want)
		}
	}
}

func TestAnotherUserIsNotServed(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only the superuser can become another user to try it")
	}
	place := runtimeFolder(t)
	serve(t, t.TempDir(), handover.Work, owner{run: func(context.Context, *handover.Call) handover.Outcome {
		t.Error("a stranger was served")
		return handover.Outcome{}
	}})
	socket := socketIn(t, place)
	open := func(path string, mode fs.FileMode) {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	open(place, 0o755)
	if got := asNobody(t, socket); got != "kept out" {
		t.Errorf("by the folder the stranger is %s", got)
	}
	open(filepath.Dir(socket), 0o755)
	if got := asNobody(t, socket); got != "kept out" {
		t.Errorf("by the socket the stranger is %s", got)
	}
	open(socket, 0o777)
	if got := asNobody(t, socket); got != "hung up on" {
		t.Errorf("by the owner itself the stranger is %s", got)
	}
}

func TestAPlaceThatIsNotOursIsNotUsed(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(place string) error
	}{
		{"a link", func(place string) error {
			elsewhere := place + "-elsewhere"
			return errors.Join(os.Rename(place, elsewhere), os.Symlink(elsewhere, place))
		}},
		{"open to others", func(place string) error { return os.Chmod(place, 0o755) }},
		{"no folder", func(place string) error {
			return errors.Join(os.RemoveAll(place), os.WriteFile(place, nil, 0o600))
		}},
		{"another user's", func(place string) error {
			if os.Geteuid() != 0 {
				return nil // nobody else can give it away
			}
			return os.Chown(place, nobody, nobody)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "another user's" && os.Geteuid() != 0 {
				t.Skip("only the superuser can give a folder away")
			}
			folder, another := t.TempDir(), t.TempDir()
			runtimes := runtimeFolder(t)
			t.Setenv("TMPDIR", filepath.Join(runtimes, "temporary")) // where there is no second choice
			serve(t, folder, handover.Work, owner{})
			place := filepath.Dir(socketIn(t, runtimes))
			if err := c.spoil(place); err != nil {
				t.Fatal(err)
			}
			if _, err := handover.Dial(t.Context(), folder); !handover.IsNobody(err) {
				t.Errorf("dial answers %v", err)
			}
			before := everything(t, runtimes)
			if server, err := handover.Listen(another, handover.Work, handover.Silent); err == nil {
				defer server.Release()
				defer server.Drain(t.Context())
			}
			if after := everything(t, runtimes); after != before {
				t.Errorf("an owner listens there: %s", after)
			}
		})
	}
}

// everything lists what is in a folder.
func everything(t *testing.T, folder string) string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		names = append(names, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, "\n")
}

func TestWhatADeadOwnerLeftIsReplaced(t *testing.T) {
	place := runtimeFolder(t)
	folder := t.TempDir()
	l, err := handover.ListenRaw(folder)
	if err != nil {
		t.Fatal(err)
	}
	l.(interface{ SetUnlinkOnClose(bool) }).SetUnlinkOnClose(false) // as if it was killed
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	left := socketIn(t, place)
	if _, err := handover.Dial(t.Context(), folder); !handover.IsNobody(err) {
		t.Errorf("dial answers %v", err)
	}
	serve(t, folder, handover.Work, owner{run: func(context.Context, *handover.Call) handover.Outcome { return handover.Outcome{Status: 3} }})
	if _, _, outcome, err := hand(t, folder, "", handover.Command{}); err != nil || outcome.Status != 3 || socketIn(t, place) != left {
		t.Errorf("outcome %+v, %v", outcome, err)
	}
}

func TestEveryPathToAFolderLeadsToItsOwner(t *testing.T) {
	runtimeFolder(t)
	folder := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(folder, link); err != nil {
		t.Fatal(err)
	}
	serve(t, folder, handover.Work, owner{})
	dial(t, link)
	if _, err := handover.Dial(t.Context(), t.TempDir()); !handover.IsNobody(err) {
		t.Errorf("another folder's owner answers: %v", err)
	}
}
