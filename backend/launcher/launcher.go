// Package launcher starts the program with a window that a package holds beside
// the one without. What this machine lacks for a window is found out before, so
// that a person reads a sentence, with the name of what to install, instead of
// an error of the system's loader.
package launcher

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"nectar/backend/fault"
)

// Program answers the path of the program with a window: it lies in the folder
// of this program, where links to it lead. A package without it is
// fault.NoWindow.
func Program() (string, error) {
	own, err := os.Executable()
	if err == nil {
		own, err = filepath.EvalSymlinks(own)
	}
	if err != nil {
		return "", fault.New(fault.NoWindow).Because(err)
	}
	return in(filepath.Dir(own))
}

func in(folder string) (string, error) {
	name := "nectar-window"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	program := filepath.Join(folder, name)
	if _, err := os.Stat(program); err != nil {
		return "", fault.New(fault.NoWindow).Because(err)
	}
	return program, nil
}

// Check answers fault.WindowParts when the program needs parts of the system
// that are not installed, and nil when it has all or nobody can say.
func Check(ctx context.Context, program string) error {
	lacking := lacks(ctx, program)
	if len(lacking) == 0 {
		return nil
	}
	return fault.New(fault.WindowParts, "parts", strings.Join(lacking, ", "), "package", advise(lacking))
}

// Start lets the program with a window take the place of this process, or,
// where a system has no such thing, answers its exit status when it has ended.
func Start(ctx context.Context, arguments []string) (int, error) {
	program, err := Program()
	if err != nil {
		return 0, err
	}
	if err := Check(ctx, program); err != nil {
		return 0, err
	}
	code, err := become(ctx, program, arguments)
	if err != nil {
		return 0, fault.New(fault.NoWindow).Because(err)
	}
	return code, nil
}
