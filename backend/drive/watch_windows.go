package drive

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sys/windows"
)

// lookEvery is the pause between two looks at the drive letters. Windows tells
// of them to windows alone, and a command has none.
const lookEvery = 2 * time.Second

// Watch calls changed as soon as it watches, and again whenever a drive came
// or went since, until the context ends.
func Watch(ctx context.Context, changed func()) error {
	before, err := media()
	if err != nil {
		return err
	}
	changed()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		}
		now, err := media()
		if err != nil {
			return err
		}
		if now != before {
			before = now
			changed()
		}
	}
}

// media answers the serial number of the medium behind each letter, 0 where
// there is none. Network drives, which may not answer, count as empty.
func media() ([26]uint32, error) {
	var serials [26]uint32
	letters, err := windows.GetLogicalDrives()
	if err != nil {
		return serials, fmt.Errorf("list drive letters: %w", err)
	}
	for i := range serials {
		if letters&(1<<i) == 0 {
			continue
		}
		root, err := windows.UTF16PtrFromString(string(rune('A'+i)) + `:\`)
		if err != nil || windows.GetDriveType(root) == windows.DRIVE_REMOTE {
			continue
		}
		if v, err := volumeAt(root); err == nil {
			serials[i] = v.serial
		}
	}
	return serials, nil
}
