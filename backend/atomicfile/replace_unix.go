//go:build unix

package atomicfile

import (
	"fmt"
	"os"
	"syscall"
)

// Replace gives the temporary file its final name, in one step, replacing a
// file or link that lies there. A folder in its place is an error. The new
// name is durable after SyncDir.
func Replace(temp, path string) error {
	// Not os.Rename, which looks at the target first.
	if err := syscall.Rename(temp, path); err != nil {
		err = &os.LinkError{Op: "rename", Old: temp, New: path, Err: err}
		return Classify(fmt.Errorf("replace %s: %w", path, err), path)
	}
	return nil
}
