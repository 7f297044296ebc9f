package drive

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// List answers the mounted drives, ordered by path. A drive that does not
// answer within two seconds is listed with its sizes unknown.
func List(ctx context.Context) ([]Drive, error) {
	mounts, err := mounts()
	if err != nil {
		return nil, err
	}
	var drives []Drive
	for _, m := range mounts {
		if m.local && !below(m.path, "/System", "/dev", "/private/var") {
			drives = append(drives, m.drive())
		}
	}
	return measure(ctx, drives)
}

func at(path string) (Drive, error) {
	mounts, err := mounts()
	if err != nil {
		return Drive{}, err
	}
	best := mount{}
	for _, m := range mounts {
		if len(m.path) >= len(best.path) && below(path, m.path) {
			best = m
		}
	}
	d := best.drive()
	d.Disk = d.ID
	if disk := wholeDisk(best.device); disk != "" {
		first := best
		for _, m := range mounts {
			if wholeDisk(m.device) == disk && compareSlices(m.device, first.device) < 0 {
				first = m
			}
		}
		d.Disk = first.drive().ID
	}
	return d, nil
}

type mount struct {
	path, device, fileSystem string
	readOnly, local          bool
}

// drive describes the mount. macOS mounts what people plug in, and nothing
// of its own, below /Volumes, by its label; the device has another name each
// time.
func (m mount) drive() Drive {
	return Drive{
		ID: identify("path", m.path), Name: filepath.Base(m.path), Path: m.path, Device: m.device,
		FileSystem: m.fileSystem, Removable: strings.HasPrefix(m.path, "/Volumes/"), Writable: !m.readOnly,
		FreeBytes: Unknown, TotalBytes: Unknown,
	}
}

// mounts reads the kernel's table, which asks no drive and so cannot hang.
func mounts() ([]mount, error) {
	n, err := unix.Getfsstat(nil, unix.MNT_NOWAIT)
	if err != nil {
		return nil, fmt.Errorf("count mounts: %w", err)
	}
	table := make([]unix.Statfs_t, n+8) // some may be mounted in between
	if n, err = unix.Getfsstat(table, unix.MNT_NOWAIT); err != nil {
		return nil, fmt.Errorf("read mounts: %w", err)
	}
	found := make([]mount, n)
	for i, s := range table[:n] {
		found[i] = mount{
			path:       unix.ByteSliceToString(s.Mntonname[:]),
			device:     unix.ByteSliceToString(s.Mntfromname[:]),
			fileSystem: unix.ByteSliceToString(s.Fstypename[:]),
			readOnly:   s.Flags&unix.MNT_RDONLY != 0,
			local:      s.Flags&unix.MNT_LOCAL != 0,
		}
	}
	return found, nil
}
