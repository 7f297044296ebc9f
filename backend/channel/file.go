package channel

import (
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
)

// Checksum is the MD5 of a file's bytes. Kolibri names files by it.
type Checksum [16]byte

// String answers the 32 lower-case hexadecimal digits.
func (c Checksum) String() string { return hex.EncodeToString(c[:]) }

// LocalFile is one stored file: its bytes are named by their checksum, so the
// same file serves every resource and channel that mentions it.
type LocalFile struct {
	Checksum  Checksum
	Extension string // lower-case letters and digits, without the dot
	Size      int64  // bytes as the channel declares them; -1 when it does not say
}

// TitledFile is a stored file as people know it. Lists of what is chosen and of what is
// to be brought are of it alike, so that one of many thousands is made once.
type TitledFile struct {
	LocalFile

	Title string // of a resource that needs the file
}

// maxExtension bounds an extension; the longest known one is "bloompub".
const maxExtension = 10

// ParseLocalFile checks an id and an extension from a channel database. It
// refuses whatever is not exactly 32 lower-case hexadecimal digits and one to
// ten lower-case letters or digits, so that the name can never leave its
// folder.
func ParseLocalFile(id, extension string, size int64) (LocalFile, error) {
	if !IsID(id) {
		return LocalFile{}, fmt.Errorf("file id %q: want 32 hexadecimal digits", id)
	}
	if extension == "" || len(extension) > maxExtension {
		return LocalFile{}, fmt.Errorf("file extension %q: want 1 to %d characters", extension, maxExtension)
	}
	for i := range len(extension) {
		c := extension[i]
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return LocalFile{}, fmt.Errorf("file extension %q: want lower-case letters and digits", extension)
		}
	}
	f := LocalFile{Extension: extension, Size: size}
	if _, err := hex.Decode(f.Checksum[:], []byte(id)); err != nil {
		return LocalFile{}, fmt.Errorf("file id %q: %w", id, err)
	}
	return f, nil
}

// Name answers the file's name: checksum, dot, extension.
func (f LocalFile) Name() string { return f.Checksum.String() + "." + f.Extension }

// Path answers where the file lies below a content folder, with slashes:
// storage/a/b/ab….ext.
func (f LocalFile) Path() string { return f.below("", "", "/") }

// In answers the file's path below the given content folder, in the form of
// this operating system.
func (f LocalFile) In(content string) string {
	const sep = string(filepath.Separator)
	content = filepath.Clean(content)
	if content == "." || os.IsPathSeparator(content[len(content)-1]) {
		return filepath.Join(content, f.below("", "", sep))
	}
	return f.below(content, sep, sep) // not by Join, which looks at each letter for each of 50,000 files
}

// below answers the path after a beginning and what ends that, and with what
// stands between its parts.
func (f LocalFile) below(start, end, sep string) string {
	var sum [2 * len(Checksum{})]byte
	hex.Encode(sum[:], f.Checksum[:])
	return start + end + "storage" + sep + string(sum[:1]) + sep + string(sum[1:2]) + sep + string(sum[:]) + "." + f.Extension
}

// DatabasePath answers where the channel's database lies below a content
// folder, with slashes.
func (id ID) DatabasePath() string { return path.Join("databases", string(id)+".sqlite3") }

// DatabaseIn answers the path of the channel's database below the given
// content folder, in the form of this operating system.
func (id ID) DatabaseIn(content string) string {
	return filepath.Join(content, filepath.FromSlash(id.DatabasePath()))
}
