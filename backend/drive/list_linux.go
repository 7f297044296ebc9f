package drive

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// List answers the mounted drives, ordered by path. A drive that does not
// answer within two seconds is listed with its sizes unknown.
func List(ctx context.Context) ([]Drive, error) { return thisMachine.list(ctx) }

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
	return s.describe(best), nil
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
