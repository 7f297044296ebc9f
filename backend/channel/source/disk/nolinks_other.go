//go:build !linux

package disk

import (
	"errors"
	"os"
)

// openWithoutLinks is not known to this system.
func openWithoutLinks(string) (*os.File, error) { return nil, errors.ErrUnsupported }
