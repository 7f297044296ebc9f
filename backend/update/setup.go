package update

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"nectar/backend/atomicfile"
)

// What the installer for Windows and the programs leave for each other in the
// folder of the programs; see build/windows/project.nsi.
const (
	expectedName   = "trial-"      // and a version: the note of an update whose installer was started
	beforeName     = "before"      // folder with the programs of before
	notStartedName = "not-started" // folder with those that did not start
	windowName     = "nectar-window.exe"
)

var setupNames = []string{"nectar.exe", windowName}

// triedBy tells a window that another process waits to see how it ends.
const triedBy = "NECTAR_TRIED"

// Expect leaves the note of a trial for the installer that is about to be
// started. When that installs this version it keeps the programs of before.
func (p Program) Expect(trial Trial) error {
	note, err := trial.note()
	if err != nil {
		return err
	}
	path := filepath.Join(p.Home, expectedName+trial.Version)
	return atomicfile.Classify(atomicfile.Write(path, strings.NewReader(p.Version+"\n"+note), 0o600), path)
}

// Try starts the window of a version that is on trial, with the arguments, and
// waits for its end. When it ends with an error before it was seen, the version
// before takes its place and is started; that one is not waited for. It answers
// the exit status, and false when there is nothing to try: then this process is
// the window. Where a program lies in versions beside each other, the script
// "start" does this.
func (p Program) Try(ctx context.Context, arguments []string) (code int, tried bool) {
	if p.Kind != Setup || os.Getenv(triedBy) != "" || !p.onTrial() {
		return 0, false
	}
	window := p.window(ctx, arguments)
	window.Env = append(os.Environ(), triedBy+"=yes")
	if window.Run() != nil {
		code = window.ProcessState.ExitCode() // -1 also when it could not be started
	}
	if code == 0 || !p.onTrial() || p.bringBack() != nil {
		return code, true
	}
	if err := p.window(context.WithoutCancel(ctx), arguments).Start(); err != nil {
		return code, true
	}
	return 0, true
}

func (p Program) onTrial() bool {
	return isFile(filepath.Join(p.Home, trialName)) && isFile(filepath.Join(p.Home, beforeName, windowName))
}

// window answers the window program as a command. A program without a console
// has nowhere to write to.
func (p Program) window(ctx context.Context, arguments []string) *exec.Cmd {
	command := exec.CommandContext(ctx, filepath.Join(p.Home, windowName), arguments...)
	if _, err := os.Stdout.Stat(); err == nil {
		command.Stdout = os.Stdout
	}
	if _, err := os.Stderr.Stat(); err == nil {
		command.Stderr = os.Stderr
	}
	return command
}

// bringBack puts the programs of before in the place of those that did not
// start, which cannot be removed while one of them runs. Broken off, it goes on
// with what is left.
func (p Program) bringBack() error {
	if err := p.discard(notStartedName); err != nil {
		return err
	}
	failed := filepath.Join(p.Home, notStartedName)
	if err := os.Mkdir(failed, 0o700); err != nil {
		return err
	}
	for _, name := range setupNames {
		now, before := filepath.Join(p.Home, name), filepath.Join(p.Home, beforeName, name)
		if !isFile(before) {
			continue
		}
		if err := os.Rename(now, filepath.Join(failed, name)); err != nil {
			return err
		}
		if err := os.Rename(before, now); err != nil {
			return errors.Join(err, os.Rename(filepath.Join(failed, name), now))
		}
	}
	registerBefore()
	return os.Rename(filepath.Join(p.Home, trialName), filepath.Join(p.Home, failedName))
}

// discard removes a folder of programs, if it is there.
func (p Program) discard(folder string) error {
	var failed error
	for _, name := range append(slices.Clone(setupNames), "") {
		if err := os.Remove(filepath.Join(p.Home, folder, name)); !errors.Is(err, fs.ErrNotExist) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}
