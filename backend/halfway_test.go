package backend_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
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
