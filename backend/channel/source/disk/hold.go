package disk

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"nectar/backend/channel/source"
	"nectar/backend/fault"
)

// Hold finds a place like FindPlace and keeps hold of its drive: what is written
// below Content from then on comes to that drive or nowhere, whatever is
// mounted in its place meanwhile. It is let go by Release. On macOS, and for a
// folder on a drive that stays, a path is all there is to go by.
func (m Machine) Hold(ctx context.Context, on source.On, given string) (Place, error) {
	place, err := m.FindPlace(ctx, on, given)
	if err != nil || !on.Comes {
		return place, err
	}
	existing := place.Path
	if _, err := os.Stat(existing); os.IsNotExist(err) {
		existing = filepath.Dir(existing)
	}
	top, release, err := grip(existing)
	if err != nil {
		return place, fault.New(fault.SourceGone, "path", given).Because(err)
	}
	place.held, place.release = top, release
	if existing != place.Path {
		place.held = filepath.Join(top, filepath.Base(place.Path))
	}
	// Between the look and the grip another drive may have come.
	if _, there := m.askPlace(ctx, place.Path, on); !there || !same(existing, top) {
		place.Release()
		return place, fault.New(fault.SourceGone, "path", given)
	}
	return place, nil
}

func same(one, other string) bool {
	a, err := os.Stat(one)
	b, failed := os.Stat(other)
	return err == nil && failed == nil && os.SameFile(a, b)
}

// Release lets the drive go. What was not held needs no release.
func (p Place) Release() {
	if p.release != nil {
		p.release()
	}
}

// Says puts the path that people know in the place of the one by which the
// place is held.
func (p Place) Says(text string) string {
	if p.held == "" || p.held == p.Path {
		return text
	}
	return strings.ReplaceAll(text, p.held, p.Path)
}
