package main

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// rig is what all parts share: the program, a folder, chance, and what was
// found.
type rig struct {
	seed    uint64
	short   bool
	kills   int
	jobs    int // that are let through; as the length of the run says when 0
	program string
	folder  string
	graph   string // where a picture of the week of use is drawn; nowhere when empty

	record
}

// prepare builds the program and makes the folder. What it answers cleans up.
func (r *rig) prepare(ctx context.Context) (done func() error, err error) {
	done = func() error { return nil }
	if r.folder == "" {
		if r.folder, err = os.MkdirTemp("", "torture"); err != nil {
			return nil, err
		}
		done = func() error {
			if r.found() > 0 {
				fmt.Println("what was left behind is in", r.folder)
				return nil
			}
			return os.RemoveAll(r.folder)
		}
	}
	if r.folder, err = filepath.Abs(r.folder); err != nil {
		return nil, err
	}
	// Sockets want a short path, and a folder for this user alone.
	if err := os.MkdirAll(r.runtime(), 0o700); err != nil {
		return nil, err
	}
	if err := os.Setenv("XDG_RUNTIME_DIR", r.runtime()); err != nil {
		return nil, err
	}
	if r.program == "" {
		r.program, err = r.build(ctx, "nectar", ".")
	} else {
		r.program, err = filepath.Abs(r.program)
	}
	return done, err
}

func (r *rig) runtime() string { return filepath.Join(r.folder, "run") }

// build makes a program of the package and answers where it is.
func (r *rig) build(ctx context.Context, name string, args ...string) (string, error) {
	path := filepath.Join(r.folder, name)
	build := exec.CommandContext(ctx, "go", append([]string{"build", "-o", path}, args...)...)
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build %s: %w", name, err)
	}
	return path, nil
}

// buildWindow builds the program with a window, and answers its path. The pages
// are those that lie in frontend/dist.
func (r *rig) buildWindow(ctx context.Context, name, tags string) (string, error) {
	if _, err := os.Stat("frontend/dist/index.html"); err != nil {
		return "", errors.New("its pages are not built, see npm --prefix frontend run build")
	}
	return r.build(ctx, name, "-tags", tags, ".")
}

// chance answers random numbers that follow from the seed and the name, so that
// one part does not change the choices of another.
func (r *rig) chance(name string) *rand.Rand {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(name))
	return rand.New(rand.NewPCG(r.seed, hash.Sum64())) //nolint:gosec // a run is repeated by its seed
}

// often answers how often something is done in a short and in a long run.
func (r *rig) often(short, long int) int {
	if r.short {
		return short
	}
	return long
}

// errImpatient is a thing that did not come in the time that even a laptop under
// heavy load needs.
var errImpatient = errors.New("it did not come about")

// patience is how long a process may take for a thing that takes a moment: on a
// machine that a dozen others use at once it was more than two minutes.
const patience = 8 * time.Minute

// await asks until the answer is yes.
func await(ctx context.Context, limit time.Duration, ask func() bool) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errImpatient)
	defer cancel()
	for !ask() {
		if pause(ctx, 10*time.Millisecond) != nil {
			return context.Cause(ctx)
		}
	}
	return nil
}

// pause lets time pass, or answers why it need not.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
