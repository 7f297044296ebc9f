package opener

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

// heed is how long Launch waits for the system to say that it has no program.
// A program that is found may run for hours.
const heed = 3 * time.Second

// Launch opens a path or an http address with the system's own program.
func Launch(ctx context.Context, target string) error {
	name, arguments := command(target)
	path, err := exec.LookPath(name)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoProgram, err)
	}
	// It lives on when whoever asked has their answer.
	started := exec.CommandContext(context.WithoutCancel(ctx), path, arguments...)
	if err := started.Start(); err != nil {
		return fmt.Errorf("%w: %w", ErrNoProgram, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- started.Wait() }()
	select {
	case err := <-ended:
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return fmt.Errorf("%w: %s ends with %w", ErrNoProgram, name, err)
		}
		return err
	case <-time.After(heed):
		return nil
	}
}
