package service

import (
	"io"

	"nectar/backend/atomicfile"
	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// The file of a report: its ending, and the most bytes that it may have.
const (
	reportEnding = ".txt"
	maxReport    = 4 << 20
)

// SaveReport writes what the person has read of a job to a text file, for
// somebody who helps. It may replace a text file, and nothing else.
func (j *Jobs) SaveReport(person auth.Person, path, text string) error {
	if !task.SignedIn.MayRead(person, nil) {
		return fault.New(fault.Forbidden)
	}
	if len(text) > maxReport {
		return fault.New(fault.TooLarge, "limit", maxReport)
	}
	if err := fault.Invalid(atomicfile.RefuseTarget("path", path, reportEnding)...); err != nil {
		return err
	}
	return atomicfile.Stream(path, 0o600, func(to io.Writer) error {
		_, err := io.WriteString(to, text)
		return err
	})
}
