package launcher

import (
	"context"
	"errors"
	"os"
	"os/exec"
)

func become(ctx context.Context, program string, arguments []string) (int, error) {
	window := exec.CommandContext(ctx, program, arguments...)
	window.Stdin, window.Stdout, window.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := window.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() >= 0 {
		return exit.ExitCode(), nil
	}
	return 0, err
}
