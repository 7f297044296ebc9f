// Package drive finds the mounted drives of this machine and measures their
// free space. It only looks: nothing is ever written to a drive.
package drive

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Unknown stands for a number of bytes that could not be learned.
const Unknown = -1

// Drive is a mounted drive or partition on which a person may keep files.
type Drive struct {
	ID         string // stays the same when the drive is plugged in elsewhere, as far as the system tells drives apart
	Disk       string // of one that At answers: the id of the first drive of the disk that it is a part of; its own ID where the system does not tell
	Name       string // the label that people gave it, else the last part of Path
	Path       string // where it is mounted
	Device     string
	FileSystem string // as the system names it, such as "vfat"
	Removable  bool
	Writable   bool  // by this user, at its top
	FreeBytes  int64 // what an ordinary user may still write, or Unknown
	TotalBytes int64 // or Unknown
}

// identify makes a drive's id from what tells it apart: the id of its file
// system where there is one, else its place.
func identify(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}
