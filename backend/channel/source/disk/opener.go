package disk

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"

	"nectar/backend/atomicfile"
)

// openerExtension is that of files which the systems open with Nectar.
const openerExtension = ".nectar"

// openerText is for whoever looks into the file. Nobody reads it.
const openerText = "Nectar brings the channels in the folder KOLIBRI_DATA beside this file onto a laptop.\n"

// WriteOpener puts a file beside the channels: a double click on it opens
// Nectar, which then offers the channels of the place. One that is there stays.
func (p Place) WriteOpener() error {
	path := filepath.Join(cmp.Or(p.held, p.Path), "Nectar"+openerExtension)
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	return atomicfile.Write(path, strings.NewReader(openerText), 0o644)
}

// IsOpener reports whether a file by its name stands for the channels that lie
// beside it.
func IsOpener(path string) bool {
	return strings.EqualFold(filepath.Ext(path), openerExtension)
}
