package disk

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// errNotPlain says that something lies where a plain file should: a link, a
// folder, a device.
var errNotPlain = errors.New("not a plain file")

// open opens a plain file, whose way below the content folder is also told with
// slashes. No part of the way may be a link. What was looked at is compared with
// what was opened, in case somebody exchanged it in between.
func (d *disk) open(full, slashed string) (*plain, error) {
	looked, err := os.Lstat(full)
	if err != nil {
		return nil, cmp.Or(d.checkWay(slashed), err)
	}
	if !looked.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is %s: %w", slashed, kindOf(looked.Mode()), errNotPlain)
	}
	f, err := openWithoutLinks(full)
	if err != nil {
		// A link above the content folder does no harm.
		if err := d.checkWay(slashed); err != nil {
			return nil, err
		}
		if f, err = os.OpenFile(full, os.O_RDONLY|noFollow, 0); err != nil {
			return nil, err
		}
	}
	opened, err := f.Stat()
	if err == nil && !os.SameFile(looked, opened) {
		err = fmt.Errorf("%s: %w", slashed, errNotPlain)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return &plain{File: f, size: opened.Size()}, nil
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
