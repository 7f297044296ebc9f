package drive

import (
	"errors"
	"slices"
	"syscall"
)

// Gone reports whether the error is one that a pulled-out drive or a lost
// network folder makes, in contrast to a file that is missing or forbidden.
func Gone(err error) bool {
	var number syscall.Errno
	return errors.As(err, &number) && slices.Contains(goneNumbers, number)
}
