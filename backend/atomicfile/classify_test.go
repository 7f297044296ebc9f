package atomicfile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"

	"nectar/backend/atomicfile"
	"nectar/backend/fault"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	path := filepath.Join("content", "a")

	t.Run("a refusal names the place", func(t *testing.T) {
		t.Parallel()
		for _, cause := range []error{fs.ErrPermission, syscall.EACCES, syscall.EPERM, syscall.EROFS, syscall.EIO} {
			err := atomicfile.Classify(fmt.Errorf("write: %w", &fs.PathError{Op: "write", Path: path, Err: cause}), path)
			if got := fault.CodeOf(err); got != fault.NoWrite {
				t.Errorf("%v became %q, want %q", cause, got, fault.NoWrite)
			}
			if got := fault.Of(err).Params["path"]; got != path {
				t.Errorf("%v names the place %v, want %v", cause, got, path)
			}
			if !errors.Is(err, cause) {
				t.Errorf("%v is no longer the cause", cause)
			}
		}
	})

	t.Run("a fault is not wrapped again", func(t *testing.T) {
		t.Parallel()
		first := fault.New(fault.SourceGone).Because(syscall.EIO)
		if got := atomicfile.Classify(first, path); any(got) != any(first) {
			t.Errorf("got %v, want the fault itself", got)
		}
	})

	t.Run("an error of another kind, or none, is answered unchanged", func(t *testing.T) {
		t.Parallel()
		other := errors.New("something else")
		if got := atomicfile.Classify(other, path); any(got) != any(other) {
			t.Errorf("got %v, want %v", got, other)
		}
		if got := atomicfile.Classify(nil, path); got != nil {
			t.Errorf("got %v, want nil", got)
		}
	})
}
