package drive

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// List answers the mounted drives, ordered by path. A drive that does not
// answer within two seconds is listed with its sizes unknown.
func List(ctx context.Context) ([]Drive, error) { return thisMachine.list(ctx) }

// Mounted reports whether the drive of that id is mounted and attached, also
// one that List leaves out: a folder of the network, or a drive that is mounted
// where the system mounts its own, can be named by its path.
func Mounted(_ context.Context, id string) bool { return thisMachine.mounted(id) }

func attached(d Drive) bool { return thisMachine.attached(d.Device) }

func at(path string) (Drive, error) { return thisMachine.at(path) }

// system says where the kernel tells of mounts and devices.
type system struct {
	mounts string // the table of mounts
	sys    string // sysfs
	disks  string // holds by-label and by-uuid
}

var thisMachine = system{mounts: "/proc/self/mountinfo", sys: "/sys", disks: "/dev/disk"}

func (s system) list(ctx context.Context) ([]Drive, error) {
	mounts, err := s.read()
	if err != nil {
		return nil, err
	}
	var drives []Drive
	for _, m := range visible(mounts) {
		if d := s.describe(m); s.attached(d.Device) && (d.Removable || !systemPath(m.path)) {
			drives = append(drives, d)
		}
	}
	return measure(ctx, drives)
}

func (s system) mounted(id string) bool {
	mounts, err := s.read()
	return err == nil && slices.ContainsFunc(mounts, func(m mount) bool {
		d := s.describe(m)
		return d.ID == id && s.attached(d.Device)
	})
}

func (s system) at(path string) (Drive, error) {
	mounts, err := s.read()
	if err != nil {
		return Drive{}, err
	}
	best := mount{}
	for _, m := range mounts {
		// Of two mounts at one path the later covers the earlier.
		if len(m.path) >= len(best.path) && below(path, m.path) {
			best = m
		}
	}
	d := s.describe(best)
	d.Disk = cmp.Or(s.disk(best), d.ID)
	return d, nil
}

func (s system) read() ([]mount, error) {
	table, err := os.ReadFile(s.mounts)
	if err != nil {
		return nil, fmt.Errorf("read mounts: %w", err)
	}
	return parseMounts(string(table)), nil
}

// describe answers what is known of a drive without asking it.
func (s system) describe(m mount) Drive {
	device := s.device(m.source)
	d := Drive{
		ID:   identify("path", m.source, m.path),
		Name: cmp.Or(s.nameOf("by-label", device), filepath.Base(m.path)),
		Path: m.path, Device: m.source, FileSystem: m.fileSystem,
		Removable: s.removable(device), Writable: !m.readOnly,
		FreeBytes: Unknown, TotalBytes: Unknown,
	}
	if uuid := s.nameOf("by-uuid", device); uuid != "" {
		d.ID = identify("uuid", uuid, m.root)
	}
	return d
}
