package drive

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"

	"nectar/backend/fault"
)

// ejectPatience bounds how long letting a drive go may take: what is not
// written yet goes to it first.
const ejectPatience = 2 * time.Minute

// Eject lets the drive at a path go, so that it can be pulled out. One that is
// still in use is fault.DriveBusy; one that stays in the machine, and any where
// the system has no way for us, is fault.NoEject.
func Eject(ctx context.Context, path string) error {
	d, err := At(path)
	if err != nil || !d.Removable {
		return fault.New(fault.NoEject, "path", path).Because(err)
	}
	ctx, cancel := context.WithTimeout(ctx, ejectPatience)
	defer cancel()
	return eject(ctx, d)
}

// runTool runs a program of the system that lets a drive go.
func runTool(ctx context.Context, d Drive, name string, args ...string) error {
	said, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	switch text := strings.ToLower(string(said)); {
	case err == nil:
		return nil
	case errors.Is(err, exec.ErrNotFound):
		return fault.New(fault.NoEject, "path", d.Path).Because(err)
	case strings.Contains(text, "busy") || strings.Contains(text, "in use"):
		return fault.New(fault.DriveBusy, "path", d.Path).Because(errors.New(strings.TrimSpace(string(said))))
	}
	return fault.New(fault.NoEject, "path", d.Path).Because(errors.New(strings.TrimSpace(string(said)) + ": " + err.Error()))
}
