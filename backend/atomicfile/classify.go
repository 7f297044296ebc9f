package atomicfile

import (
	"errors"
	"io/fs"
	"path/filepath"
	"syscall"

	"nectar/backend/fault"
)

// Classify turns an error of writing to the path into the fault that people
// understand: DiskFull or NoWrite, with the error as its cause. The values
// "needed" and "free" of DiskFull are left to the caller, who knows them. A
// fault, an error of another kind and nil are answered unchanged.
func Classify(err error, path string) error {
	var already *fault.Fault
	switch {
	case err == nil, errors.As(err, &already):
		return err
	case isFull(err):
		return fault.New(fault.DiskFull, "path", filepath.Dir(path)).Because(err)
	case isRefused(err):
		return fault.New(fault.NoWrite, "path", path).Because(err)
	default:
		return err
	}
}

// Unwritable is Classify of an error that keeps a place from being written,
// whatever its kind: what is not DiskFull is NoWrite.
func Unwritable(err error, path string) error {
	if full := Classify(err, path); fault.CodeOf(full) == fault.DiskFull {
		return full
	}
	return fault.New(fault.NoWrite, "path", path).Because(err)
}

// isRefused also counts a disk that answers with I/O errors or has left: for
// a person, too, that is a place that cannot be written.
func isRefused(err error) bool {
	return errors.Is(err, fs.ErrPermission) || // EACCES and EPERM
		errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.EIO) ||
		errors.Is(err, syscall.ENXIO) || errors.Is(err, syscall.ENODEV) ||
		refusedHere(err)
}
