package disk

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// errNotPlain says that something lies where a plain file should: a link, a
// folder, a device.
var errNotPlain = errors.New("not a plain file")

// plain is an open plain file.
type plain struct {
	*descriptor

	length int64
	read   int64
}

// open opens a plain file, whose way below the content folder is also told with
// slashes. No part of the way may be a link. What was looked at is compared with
// what was opened, in case somebody exchanged it in between.
func (d *disk) open(full, slashed string) (*plain, error) {
	looked, err := lookAt(full)
	if err != nil {
		return nil, cmp.Or(d.checkWay(slashed), err)
	}
	if kind := looked.kind(); !kind.IsRegular() {
		return nil, fmt.Errorf("%s is %s: %w", slashed, kindOf(kind), errNotPlain)
	}
	f, err := openWithoutLinks(full)
	if err != nil {
		// A link above the content folder does no harm.
		if err := d.checkWay(slashed); err != nil {
			return nil, err
		}
		if f, err = openPlain(full); err != nil {
			return nil, err
		}
	}
	opened, err := f.look()
	if err == nil && !looked.same(&opened) {
		err = fmt.Errorf("%s: %w", slashed, errNotPlain)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &plain{descriptor: f, length: opened.size()}, nil
}

// Size implements source.File.
func (p *plain) Size() int64 { return p.length }

// Read implements io.Reader. It says with the last bytes that they are the last, which
// saves asking once more of each of thousands of small files. What somebody appends
// meanwhile is not of the file that was opened.
func (p *plain) Read(b []byte) (int, error) {
	n, err := p.descriptor.Read(b)
	p.read += int64(n)
	if err == nil && len(b) > 0 && (n == 0 || p.read >= p.length) {
		err = io.EOF
	}
	return n, err
}

// checkWay refuses a link, or anything else that is no folder, between the
// content folder and a file.
func (d *disk) checkWay(slashed string) error {
	for folder := path.Dir(slashed); folder != "."; folder = path.Dir(folder) {
		info, err := os.Lstat(filepath.Join(d.content, filepath.FromSlash(folder)))
		if err != nil {
			return err
		}
		if !info.IsDir() {
			return fmt.Errorf("%s: %w", folder, errNotPlain)
		}
	}
	return nil
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeSymlink != 0:
		return "a link"
	case mode.IsDir():
		return "a folder"
	}
	return "a device"
}
