package library

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"nectar/backend/atomicfile"
	"nectar/backend/fault"
)

// Place says where the content folder is. It is kept in a file of the data
// folder and not in its database: an older database that is brought back does
// not bring an older place back.
type Place struct {
	Path string `json:"path"`
	// Adopted is a folder of a Kolibri, which may start again at any time.
	Adopted bool `json:"adopted,omitzero"`
	// ReadOnly is an adopted folder that was not taken over: nothing is written
	// there.
	ReadOnly bool `json:"read_only,omitzero"`
	// Renaming is where the folder goes, in one step, which may be done already.
	Renaming string `json:"renaming,omitzero"`
	// Copying is where the folder goes, file by file.
	Copying string `json:"copying,omitzero"`
	// Former is where the folder was until just now. What is remembered of its
	// files may have to be told of the new place, and the old files removed.
	Former string `json:"former,omitzero"`
}

// Open makes a library whose content folder is where the record, a file that
// need not exist, says; the standard place otherwise.
func Open(record, standard string, store Store) (*Library, error) {
	l := New(standard, store)
	l.record, l.standard = record, standard
	data, err := os.ReadFile(record)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	var place Place
	if err == nil {
		err = json.Unmarshal(data, &place)
	}
	if err == nil && !filepath.IsAbs(place.Path) {
		err = fmt.Errorf("the path %q of the content folder is not absolute", place.Path)
	}
	if err != nil {
		return nil, fault.New(fault.NoRead, "path", record).Because(err)
	}
	if place.Renaming != "" && isContent(place.Renaming) && !hasDatabases(place.Path) {
		place = Place{Path: place.Renaming} // the power went after the step, before it was noted
	}
	place.Renaming = ""
	l.place.Store(&place)
	return l, nil
}

// Place answers where the content folder is.
func (l *Library) Place() Place { return *l.place.Load() }

// Settle notes where the content folder is, durably, and goes by it from then
// on.
func (l *Library) Settle(place Place) error {
	data, err := json.MarshalIndent(place, "", "  ")
	if err != nil {
		return fmt.Errorf("encode place of the content folder: %w", err)
	}
	if l.record != "" {
		if err := atomicfile.Write(l.record, bytes.NewReader(append(data, '\n')), 0o600); err != nil {
			return err
		}
	}
	l.place.Store(&place)
	return nil
}

// Own answers where the content folder is when it was put nowhere else.
func (l *Library) Own() string { return l.standard }

// Away reports whether the content folder cannot be reached now: it was put
// elsewhere than in the data folder, and there is nothing.
func (l *Library) Away() bool {
	place := l.Place()
	return place.Path != l.standard && !isContent(place.Path)
}

// isContent reports whether a folder has the shape of a content folder.
func isContent(path string) bool {
	info, err := os.Stat(filepath.Join(path, "databases"))
	return err == nil && info.IsDir()
}

// hasDatabases reports whether anything lies among the databases of a folder.
func hasDatabases(path string) bool {
	entries, err := os.ReadDir(filepath.Join(path, "databases"))
	return err == nil && len(entries) > 0
}

// Empty reports whether there is no channel in the content folder.
func (l *Library) Empty() bool { return !hasDatabases(l.Content()) }

// FindContent answers the content folder that a path means. It reports whether
// there is one.
func FindContent(path string) (string, bool) {
	for _, at := range Meant(path) {
		if isContent(at) {
			return at, true
		}
	}
	return "", false
}

// Meant answers where the content folder may lie that a path means: there, if it
// is the folder itself, or in it, if it is the home folder of a Kolibri or a
// drive.
func Meant(path string) []string {
	return []string{filepath.Clean(path), filepath.Join(path, "content"), filepath.Join(path, "KOLIBRI_DATA", "content")}
}
