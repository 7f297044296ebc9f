//go:build !linux && !darwin

package transfer

import "os"

// uncache does nothing here: Windows reads past its cache only in whole
// sectors of the disk.
func uncache(*os.File) {}
