package drive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/bits"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"golang.org/x/sys/windows"
)

// List answers the mounted drives, ordered by letter. A drive that does not
// answer within two seconds is left out, as is one without a medium.
func List(ctx context.Context) ([]Drive, error) {
	letters, err := windows.GetLogicalDrives()
	if err != nil {
		return nil, fmt.Errorf("list drive letters: %w", err)
	}
	found := make([]*Drive, bits.Len32(letters))
	var asked sync.WaitGroup
	for i := range found {
		if letters&(1<<i) == 0 {
			continue
		}
		asked.Go(func() {
			root := string(rune('A'+i)) + `:\`
			found[i], _ = Ask(ctx, func() *Drive { return describe(root) })
		})
	}
	asked.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list drives: %w", err)
	}
	var drives []Drive
	for _, d := range found {
		if d != nil {
			drives = append(drives, *d)
		}
	}
	return drives, nil
}

// describe answers the drive, or nil when it is none that holds files of
// people or has no medium in it.
func describe(root string) *Drive {
	path, err := windows.UTF16PtrFromString(root)
	if err != nil {
		return nil
	}
	kind := windows.GetDriveType(path)
	switch kind {
	case windows.DRIVE_NO_ROOT_DIR, windows.DRIVE_RAMDISK, windows.DRIVE_REMOTE:
		return nil
	}
	v, err := volumeAt(path)
	if err != nil {
		return nil
	}
	free, total, err := space(root)
	if err != nil {
		return nil
	}
	return &Drive{
		ID:   identify("serial", strconv.FormatUint(uint64(v.serial), 16)),
		Name: cmp.Or(v.label, root[:2]), Path: root, Device: root[:2], FileSystem: v.fileSystem,
		Removable: kind == windows.DRIVE_REMOVABLE || kind == windows.DRIVE_CDROM,
		Writable:  !v.readOnly, FreeBytes: free, TotalBytes: total,
	}
}

type volume struct {
	label, fileSystem string
	serial            uint32
	readOnly          bool
}

func volumeAt(root *uint16) (volume, error) {
	var label, fileSystem [windows.MAX_PATH + 1]uint16
	var serial, longest, flags uint32
	err := windows.GetVolumeInformation(root, &label[0], uint32(len(label)), &serial, &longest, &flags,
		&fileSystem[0], uint32(len(fileSystem)))
	if err != nil {
		return volume{}, fmt.Errorf("read volume: %w", err)
	}
	return volume{
		label: windows.UTF16ToString(label[:]), fileSystem: windows.UTF16ToString(fileSystem[:]),
		serial: serial, readOnly: flags&windows.FILE_READ_ONLY_VOLUME != 0,
	}, nil
}

// space measures the drive of a folder, or of the folder of a file.
func space(path string) (free, total int64, err error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, 0, err
	}
	var available, all, unused uint64
	err = windows.GetDiskFreeSpaceEx(name, &available, &all, &unused)
	if parent := filepath.Dir(path); notAFolder(err) && parent != path {
		return space(parent)
	}
	if err != nil {
		return 0, 0, err
	}
	return int64(available), int64(all), nil //nolint:gosec // no drive overflows it
}

// at finds the drive by the path's letter.
func at(path string) (Drive, error) {
	root := filepath.VolumeName(path) + `\`
	if d := describe(root); d != nil {
		d.Disk = cmp.Or(diskOf(d), d.ID)
		return *d, nil
	}
	return Drive{}, fmt.Errorf("describe %s: %w", root, windows.ERROR_NOT_READY)
}

// writable looks at the volume and the folder's attributes. Permissions show
// only when writing is tried, which is not done here.
func writable(path string) bool {
	root, err := windows.UTF16PtrFromString(filepath.VolumeName(path) + `\`)
	if err != nil {
		return false
	}
	v, err := volumeAt(root)
	if err != nil || v.readOnly {
		return false
	}
	_, err = os.Stat(path)
	return err == nil
}

func notAFolder(err error) bool { return errors.Is(err, windows.ERROR_DIRECTORY) }
