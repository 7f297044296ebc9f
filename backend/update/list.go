package update

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/semver"

	"nectar/backend/fault"
)

// Names of the files on a drive.
const (
	ListName      = "nectar-update.json"
	SignatureName = ListName + ".sig"
)

// limits of what is read from a drive, in bytes.
const (
	listLimit      = 1 << 20
	signatureLimit = 1 << 10
	packageLimit   = 1 << 30
)

// Kind is how a program was installed, and what a package of it is.
type Kind string

// The kinds.
const (
	None    Kind = ""        // by no package: built by hand
	Archive Kind = "archive" // in the user's own folder, by install.sh
	Debian  Kind = "deb"
	Setup   Kind = "setup" // Windows
)

// List says what an update is. It is signed as a whole.
type List struct {
	Version string `json:"version"`
	Notes   string `json:"notes"` // what is new, in words, a line each
	Files   []File `json:"files"`
}

// File is a package of the list.
type File struct {
	Name         string `json:"name"`
	Kind         Kind   `json:"kind"`
	System       string `json:"system"`       // as Go names it
	Architecture string `json:"architecture"` // as Go names it
	Bytes        int64  `json:"bytes"`
	SHA256       string `json:"sha256"`
}

// ParseKey reads a public key in base64, as it is compiled in.
func ParseKey(text string) (ed25519.PublicKey, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, errors.New("this is no public key of ed25519 in base64")
	}
	return key, nil
}

// Sign answers the signature file of a list.
func Sign(key ed25519.PrivateKey, list []byte) []byte {
	return []byte(base64.StdEncoding.EncodeToString(ed25519.Sign(key, list)) + "\n")
}

// read answers the list in a folder when the key signed it. A folder without
// one answers an error that is fs.ErrNotExist.
func read(folder string, key ed25519.PublicKey) (List, error) {
	text, err := limited(filepath.Join(folder, ListName), listLimit)
	if err != nil {
		return List{}, err
	}
	untrusted := fault.New(fault.UpdateUntrusted, "path", folder)
	signature, err := limited(filepath.Join(folder, SignatureName), signatureLimit)
	if err != nil {
		return List{}, untrusted.Because(fmt.Errorf("read the signature: %v", err)) //nolint:errorlint // not to be taken for a list that is missing
	}
	raw, err := base64.StdEncoding.DecodeString(string(bytes.TrimSpace(signature)))
	if err != nil || len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, text, raw) {
		return List{}, untrusted
	}
	var list List
	if err := json.Unmarshal(text, &list); err != nil {
		return List{}, untrusted.Because(err)
	}
	return list, nil
}

// limited reads an ordinary file that is no larger than the limit.
func limited(path string, limit int64) ([]byte, error) {
	file, err := ordinary(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err == nil && int64(len(text)) > limit {
		err = fmt.Errorf("%s is larger than %d bytes", path, limit)
	}
	return text, err
}

// ordinary opens a file that is neither a link nor a device, which could keep
// whoever opens it for ever.
func ordinary(path string) (*os.File, error) {
	info, err := os.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no ordinary file: %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, err
	}
	return os.Open(path)
}

// Newer reports whether the version comes after the other. What is no version
// is newer than nothing.
func Newer(version, than string) bool {
	return semver.IsValid("v"+version) && semver.Compare("v"+version, "v"+than) > 0
}
