package drive

import (
	"cmp"
	"context"
	"encoding/binary"
	"sync"
	"time"

	"golang.org/x/sys/windows"
)

// storageDeviceNumber is IOCTL_STORAGE_GET_DEVICE_NUMBER, see winioctl.h. Whoever
// may see the volume may ask it.
const storageDeviceNumber = 0x002D1080

// briefly is how long other drives may take to say on which disk they are, which
// takes no look at a disk. It is a part of the patience with the drive itself.
const briefly = 200 * time.Millisecond

// deviceNumber says which part of which disk a volume is.
type deviceNumber struct{ kind, disk, partition uint32 }

// numberOf asks the volume with a letter, such as "E:". One that lies on several
// disks does not answer.
func numberOf(letter string) (number deviceNumber, ok bool) {
	name, err := windows.UTF16PtrFromString(`\\.\` + letter)
	if err != nil {
		return number, false
	}
	volume, err := windows.CreateFile(name, 0, windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		return number, false
	}
	defer func() { _ = windows.CloseHandle(volume) }()
	var answer [12]byte
	var answered uint32
	err = windows.DeviceIoControl(volume, storageDeviceNumber, nil, 0, &answer[0], uint32(len(answer)), &answered, nil)
	if err != nil || answered < uint32(len(answer)) {
		return number, false
	}
	return deviceNumber{
		kind: binary.LittleEndian.Uint32(answer[:]), disk: binary.LittleEndian.Uint32(answer[4:]),
		partition: binary.LittleEndian.Uint32(answer[8:]),
	}, true
}

// diskOf answers the id of the first drive with a letter on the disk of this one,
// "" where the system does not tell. The number of a disk is that of the next one
// that is plugged in.
func diskOf(d *Drive) string {
	own, ok := numberOf(d.Device)
	if !ok {
		return ""
	}
	letters, err := windows.GetLogicalDrives()
	if err != nil {
		return ""
	}
	type part struct {
		deviceNumber

		id string
	}
	ctx, cancel := context.WithTimeout(context.Background(), briefly)
	defer cancel()
	parts := make([]part, 26)
	var asked sync.WaitGroup
	for i := range parts {
		if letters&(1<<i) == 0 {
			continue
		}
		asked.Go(func() {
			parts[i], _ = Ask(ctx, func() (found part) {
				letter := string(rune('A' + i))
				number, ok := numberOf(letter + ":")
				if !ok || number.kind != own.kind || number.disk != own.disk {
					return part{}
				}
				if other := describe(letter + `:\`); other != nil {
					found = part{number, other.ID}
				}
				return found
			})
		})
	}
	asked.Wait()
	first := part{own, d.ID}
	for _, p := range parts {
		if p.id != "" && cmp.Or(cmp.Compare(p.partition, first.partition), cmp.Compare(p.id, first.id)) < 0 {
			first = p
		}
	}
	return first.id
}
