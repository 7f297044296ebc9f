package opener

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"nectar/backend/atomicfile"
	"nectar/backend/fault"
)

// maxName bounds the name of a copy, in bytes.
const maxName = 100

// copyOf copies the file under a name that people know it by, and answers the
// path of the copy: a program that writes notes into a document must not
// change the library.
func (o *Opener) copyOf(path, title, extension string) (_ string, err error) {
	if err := os.MkdirAll(o.config.Copies, 0o700); err != nil {
		return "", fault.New(fault.NoWrite, "path", o.config.Copies).Because(err)
	}
	folder, err := os.MkdirTemp(o.config.Copies, "")
	if err != nil {
		return "", fault.New(fault.NoWrite, "path", o.config.Copies).Because(err)
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(folder)
		}
	}()
	in, err := os.Open(path)
	if err != nil {
		return "", fault.New(fault.NoRead, "path", path).Because(err)
	}
	defer func() { _ = in.Close() }()
	target := filepath.Join(folder, fileName(title)+"."+extension)
	out, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fault.New(fault.NoWrite, "path", folder).Because(err)
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		return "", atomicfile.Classify(err, folder)
	}
	return target, nil
}

// fileName makes a name that every system takes of a title.
func fileName(title string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return r
		}
		return ' '
	}, title)
	name = strings.Join(strings.Fields(name), " ")
	for len(name) > maxName {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	if name = strings.TrimSpace(name); name == "" {
		return "resource"
	}
	return name + " (copy)"
}
