package drive

import (
	"context"
	"fmt"

	"golang.org/x/sys/windows"
)

// mounts asks Windows for the drives with letters.
func mounts(ctx context.Context) ([]mount, error) {
	letters, err := windows.GetLogicalDrives()
	if err != nil {
		return nil, fmt.Errorf("list drives: %w", err)
	}
	var found []mount
	for i := range 26 {
		if letters&(1<<i) == 0 || ctx.Err() != nil {
			continue
		}
		root := string(rune('A'+i)) + `:\`
		if m, ok := volume(root); ok {
			found = append(found, m)
		}
	}
	return found, ctx.Err()
}

// volume describes one drive; false when there is no medium in it.
func volume(root string) (mount, bool) {
	name, err := windows.UTF16PtrFromString(root)
	if err != nil {
		return mount{}, false
	}
	kind := windows.GetDriveType(name)
	switch kind {
	case windows.DRIVE_REMOVABLE, windows.DRIVE_FIXED, windows.DRIVE_REMOTE, windows.DRIVE_CDROM:
	default:
		return mount{}, false
	}
	var label, fileSystem [windows.MAX_PATH + 1]uint16
	var serial, flags uint32
	err = windows.GetVolumeInformation(name, &label[0], uint32(len(label)), &serial, nil, &flags, &fileSystem[0], uint32(len(fileSystem)))
	if err != nil {
		return mount{}, false
	}
	return mount{
		device:     fmt.Sprintf("%08x", serial),
		path:       root,
		fileSystem: windows.UTF16ToString(fileSystem[:]),
		label:      windows.UTF16ToString(label[:]),
		readOnly:   flags&windows.FILE_READ_ONLY_VOLUME != 0,
		removable:  kind == windows.DRIVE_REMOVABLE || kind == windows.DRIVE_CDROM,
	}, true
}

func (m mount) name() string {
	if m.label != "" {
		return m.label
	}
	return m.path
}
