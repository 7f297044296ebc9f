package disk

import (
	"context"
	"path"
	"path/filepath"

	"nectar/backend/channel/source"
	"nectar/backend/drive"
	"nectar/backend/fault"
)

// Drives tells of the drives of a machine. Its methods may be called
// concurrently; see the functions of package drive.
type Drives interface {
	List(ctx context.Context) ([]drive.Drive, error)
	At(path string) (drive.Drive, error)
	Attached(d drive.Drive) bool
	Mounted(ctx context.Context, id string) bool
}

// Machine finds sources on the drives of a machine.
type Machine struct{ drives Drives }

// On answers a Machine with the given drives.
func On(drives Drives) Machine { return Machine{drives} }

// Open opens a source on this machine; see Machine.Open.
func Open(given string) (source.Source, error) { return On(drive.Machine{}).Open(given) }

// Discover finds the drives with channels of this machine; see
// Machine.Discover.
func Discover(ctx context.Context) ([]source.Source, error) {
	return On(drive.Machine{}).Discover(ctx)
}

// Find opens a source that was opened before: where it was then, or, when it
// came with a drive, wherever that drive is mounted now. Another drive at the
// same place is not taken for it. When it is not there that is
// fault.SourceMissing.
func (m Machine) Find(ctx context.Context, on source.On, given string) (source.Source, error) {
	if !on.Comes {
		return m.Open(given)
	}
	if found := m.ask(ctx, given); found != nil && is(found, on) {
		return found, nil
	}
	drives, err := m.drives.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, d := range drives {
		if d.ID != on.Drive || !filepath.IsLocal(filepath.FromSlash(path.Clean(on.Inside))) {
			continue
		}
		if found := m.ask(ctx, filepath.Join(d.Path, filepath.FromSlash(on.Inside))); found != nil && is(found, on) {
			return found, nil
		}
	}
	return nil, fault.New(fault.SourceMissing, "path", given)
}

// Here reports whether the drive of a source is mounted, or, of one that comes
// with no drive, whether the source can be opened.
func (m Machine) Here(ctx context.Context, on source.On, given string) bool {
	if !on.Comes {
		return m.ask(ctx, given) != nil
	}
	return m.drives.Mounted(ctx, on.Drive)
}

// ask opens a source with the patience of package drive; nil when it does not
// answer or is none.
func (m Machine) ask(ctx context.Context, path string) source.Source {
	found, _ := drive.Ask(ctx, func() source.Source {
		opened, err := m.Open(path)
		if err != nil {
			return nil
		}
		return opened
	})
	return found
}

func is(found source.Source, on source.On) bool {
	at := found.Info().On
	return at.Drive == on.Drive && at.Inside == on.Inside
}
