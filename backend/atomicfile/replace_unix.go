//go:build unix

package atomicfile

import (
	"fmt"
	"os"
)

// Replace gives the temporary file its final name, in one step, replacing a
// file or link that lies there. A folder in its place is an error. The new
// name is durable after SyncDir.
func Replace(temp, path string) error {
	if err := os.Rename(temp, path); err != nil {
		return Classify(fmt.Errorf("replace %s: %w", path, err), path)
	}
	return nil
}
