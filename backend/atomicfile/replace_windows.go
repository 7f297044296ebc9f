package atomicfile

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// patience is how long Replace waits for a virus scanner or indexer that has
// just opened the file; they let go within moments.
const patience = 2 * time.Second

// Replace gives the temporary file its final name, in one step, replacing a
// file or link that lies there. A folder in its place is an error. The new
// name is durable when Replace returns.
func Replace(temp, path string) error {
	from, err := windows.UTF16PtrFromString(temp)
	if err != nil {
		return fmt.Errorf("replace %s: %w", path, err)
	}
	to, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return fmt.Errorf("replace %s: %w", path, err)
	}
	const flags = windows.MOVEFILE_REPLACE_EXISTING | windows.MOVEFILE_WRITE_THROUGH
	wait := 5 * time.Millisecond
	for deadline := time.Now().Add(patience); ; wait *= 2 {
		err = windows.MoveFileEx(from, to, flags)
		if err == nil {
			return nil
		}
		if !passing(err) || time.Now().After(deadline) {
			return Classify(fmt.Errorf("replace %s: %w", path, err), path)
		}
		// A write-protected file refuses to be replaced on Windows.
		_ = os.Chmod(path, 0o600)
		<-time.After(wait)
	}
}

func passing(err error) bool {
	return errors.Is(err, windows.ERROR_ACCESS_DENIED) ||
		errors.Is(err, windows.ERROR_SHARING_VIOLATION) ||
		errors.Is(err, windows.ERROR_LOCK_VIOLATION)
}
