package backend_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"nectar/backend/atomicfile"
)

// dyingEnv asks a child process to kill itself, and says on what it works.
const dyingEnv = "NECTAR_TEST_DIE"

// killHalfway runs a test of this program in a child process that kills itself
// in the middle of its work, on what setup makes for it. Nobody can say when a
// process comes to its turn: a child that has finished before its end comes, or
// whose work was done when it came, is no such one, and another is tried.
func killHalfway(t *testing.T, test string, setup func() (words []string), half func() bool) {
	t.Helper()
	const tries = 10
	for range tries {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+test+"$", "-test.v")
		child.Env = append(os.Environ(), dyingEnv+"="+strings.Join(setup(), "\n"))
		out, err := child.CombinedOutput()
		if err != nil && !strings.Contains(err.Error(), "killed") {
			t.Fatalf("the child ends with %v:\n%s", err, out)
		}
		if err != nil && half() {
			return
		}
	}
	t.Fatalf("%d children all finished before they could be killed", tries)
}

// dying answers what a child process is to work on until it dies. A test that
// nobody asked for that is skipped.
func dying(t *testing.T) (words []string) {
	t.Helper()
	asked := os.Getenv(dyingEnv)
	if asked == "" {
		t.Skip("it is run by another test")
	}
	return strings.Split(asked, "\n")
}

// untilSomeAreReal waits until the first files have their own names. The others of
// their group, thousands, are given theirs one after the other now, and nothing of it
// is remembered yet. It looks where the first are, for a look at all takes too long.
func untilSomeAreReal(t *testing.T, content string) {
	t.Helper()
	const first = 2 // folders, of as many workers
	for {
		folders, err := filepath.Glob(filepath.Join(content, "storage", "?", "?"))
		if err != nil {
			t.Fatal(err)
		}
		for _, folder := range folders[:min(first, len(folders))] {
			entries, _ := os.ReadDir(folder)
			if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return !atomicfile.IsTemp(e.Name()) }) {
				return
			}
		}
		runtime.Gosched()
	}
}

// die kills this process at once.
func die(t *testing.T) {
	t.Helper()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	_ = self.Kill()
	select {}
}
