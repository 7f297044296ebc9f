package handover

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
)

// errNobody is a place at which nobody listens: no process owns the folder,
// or its owner is starting, ending, or too short-lived to serve others.
var errNobody = errors.New("nobody listens")

// IsNobody reports whether the error says that no owner was there to ask, so
// that nothing was asked of it. It may be gone, or not be there yet.
func IsNobody(err error) bool { return errors.Is(err, errNobody) }

// nameOf answers the name of the place for a data folder. Different paths to
// one folder answer the same name.
func nameOf(folder string) (string, error) {
	real, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return "", err
	}
	if real, err = filepath.Abs(real); err != nil {
		return "", err
	}
	if runtime.GOOS == "windows" {
		real = strings.ToLower(real)
	}
	sum := sha256.Sum256([]byte(real))
	return hex.EncodeToString(sum[:10]), nil
}

// listener accepts connections of this user.
type listener interface {
	// Accept answers the next connection. A stranger's is closed and answers
	// errStranger.
	Accept() (conn, error)
	// Close stops listening and removes the place.
	Close() error
}

// errStranger is a counterpart that is another user, or that cannot be told.
var errStranger = errors.New("the other side belongs to another user")
