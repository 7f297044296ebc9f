package disk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"nectar/backend/channel/source"
	"nectar/backend/drive"
	"nectar/backend/fault"
)

// Place is a drive or folder that channels may be written to. It need not hold
// any.
type Place struct {
	Path       string // the folder that is to hold KOLIBRI_DATA; it may be missing while its parent is there
	On         source.On
	FileSystem string // as the system names it, such as "vfat"

	held    string // Path, by way of what Hold keeps; "" for a place that is not held
	release func()
}

// Content answers the content folder of the place, whether it is there or not.
// Of one that is held it is for writing; Seen is for whoever follows paths by
// themselves.
func (p Place) Content() string { return contentIn(cmp.Or(p.held, p.Path)) }

// Seen answers the content folder of the place by the path that people know.
func (p Place) Seen() string { return contentIn(p.Path) }

func contentIn(top string) string { return filepath.Join(top, dataFolder, "content") }

// Place tells on which drive a path lies to which channels are to be written.
// The folder KOLIBRI_DATA itself means the one that holds it. It makes nothing.
// A path of which not even the parent is there is fault.SourceMissing; a link
// where the channels would go is fault.NoWrite.
func (m Machine) Place(given string) (Place, error) {
	full, err := filepath.Abs(given)
	if err != nil {
		return Place{}, fault.New(fault.SourceMissing, "path", given).Because(err)
	}
	if filepath.Base(full) == dataFolder {
		full = filepath.Dir(full)
	}
	existing := full
	info, err := os.Stat(full)
	if errors.Is(err, fs.ErrNotExist) {
		existing = filepath.Dir(full)
		info, err = os.Stat(existing)
	}
	if err != nil {
		return Place{}, unreachable(err, given)
	}
	if !info.IsDir() {
		return Place{}, fault.New(fault.NoWrite, "path", given)
	}
	p := Place{Path: full, On: source.On{Name: filepath.Base(full)}}
	if err := p.checkLinks(); err != nil {
		return Place{}, err
	}
	return m.locate(p, existing)
}

// locate fills in on which drive the place is.
func (m Machine) locate(p Place, existing string) (Place, error) {
	on, err := m.drives.At(p.Path)
	if err != nil {
		return p, nil //nolint:nilerr // what no drive is known of is a plain folder
	}
	resolved, err := filepath.EvalSymlinks(existing)
	if err != nil {
		return Place{}, unreachable(err, p.Path)
	}
	if existing != p.Path {
		resolved = filepath.Join(resolved, filepath.Base(p.Path))
	}
	inside, err := filepath.Rel(on.Path, resolved)
	if err != nil {
		return p, nil //nolint:nilerr // as above
	}
	mounted := inside == "." && on.Path != "/"
	p.FileSystem = on.FileSystem
	p.On = source.On{Drive: on.ID, Disk: partOf(on), Name: p.On.Name, Inside: filepath.ToSlash(inside), Comes: mounted || on.Removable}
	if p.On.Comes {
		p.On.Name = on.Name
	}
	return p, nil
}

// checkLinks looks for links on the way into the content folder: what a
// stranger's drive leads to is not for us to write to.
func (p Place) checkLinks() error {
	for _, below := range []string{dataFolder, path.Join(dataFolder, "content"), path.Join(dataFolder, "content", "databases"), path.Join(dataFolder, "content", "storage")} {
		at := filepath.Join(p.Path, filepath.FromSlash(below))
		info, err := os.Lstat(at)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return unreachable(err, at)
		case !info.IsDir():
			return fault.New(fault.NoWrite, "path", at).Because(fmt.Errorf("%s is %s", at, kindOf(info.Mode())))
		}
	}
	return nil
}

// FindPlace finds a place that Place answered before: where it was then, or,
// when it came with a drive, wherever that drive is mounted now. Another drive
// at the same path is not taken for it. When it is not there that is
// fault.SourceMissing.
func (m Machine) FindPlace(ctx context.Context, on source.On, given string) (Place, error) {
	if !on.Comes {
		return m.Place(given)
	}
	if p, ok := m.askPlace(ctx, given, on); ok {
		return p, nil
	}
	drives, err := m.drives.List(ctx)
	if err != nil {
		return Place{}, err
	}
	for _, d := range drives {
		if d.ID != on.Drive || !filepath.IsLocal(filepath.FromSlash(path.Clean(on.Inside))) {
			continue
		}
		if p, ok := m.askPlace(ctx, filepath.Join(d.Path, filepath.FromSlash(on.Inside)), on); ok {
			return p, nil
		}
	}
	return Place{}, fault.New(fault.SourceMissing, "path", given)
}

// askPlace looks at a path with the patience of package drive. It reports
// whether it is on that drive, which is there.
func (m Machine) askPlace(ctx context.Context, given string, on source.On) (Place, bool) {
	type answer struct {
		place Place
		ok    bool
	}
	found, _ := drive.Ask(ctx, func() answer {
		p, err := m.Place(given)
		if err != nil || p.On.Drive != on.Drive || p.On.Inside != on.Inside {
			return answer{}
		}
		at, err := m.drives.At(p.Path)
		return answer{p, err == nil && m.drives.Attached(at)}
	})
	return found.place, found.ok
}

// Reachable answers nil while the place is there and its drive is attached,
// else fault.SourceGone.
func (m Machine) Reachable(ctx context.Context, on source.On, given string) error {
	if on.Comes {
		if _, there := m.askPlace(ctx, given, on); there {
			return nil
		}
	} else if _, err := os.Stat(given); err == nil {
		return nil
	}
	return fault.New(fault.SourceGone, "path", given)
}
