package drive

import (
	"context"

	"golang.org/x/sys/windows"

	"nectar/backend/fault"
)

// The requests to a volume, see winioctl.h.
const (
	lockVolume     = 0x00090018
	dismountVolume = 0x00090020
	mediaRemoval   = 0x002D4804
	ejectMedia     = 0x002D4808
)

// eject takes the volume for itself, which nobody can while a file on it is
// open, and lets the medium go.
func eject(_ context.Context, d Drive) error {
	name, err := windows.UTF16PtrFromString(`\\.\` + d.Device)
	if err != nil {
		return fault.New(fault.NoEject, "path", d.Path).Because(err)
	}
	volume, err := windows.CreateFile(name, windows.GENERIC_READ|windows.GENERIC_WRITE,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE, nil, windows.OPEN_EXISTING, 0, 0)
	if err != nil {
		return fault.New(fault.NoEject, "path", d.Path).Because(err)
	}
	defer func() { _ = windows.CloseHandle(volume) }()
	ask := func(request uint32, in []byte) error {
		var given *byte
		if len(in) > 0 {
			given = &in[0]
		}
		var answered uint32
		return windows.DeviceIoControl(volume, request, given, uint32(len(in)), nil, 0, &answered, nil)
	}
	if err := ask(lockVolume, nil); err != nil {
		return fault.New(fault.DriveBusy, "path", d.Path).Because(err)
	}
	if err := ask(dismountVolume, nil); err != nil {
		return fault.New(fault.NoEject, "path", d.Path).Because(err)
	}
	// From here on nothing can be lost. A card reader has no medium to let go.
	_ = ask(mediaRemoval, []byte{0})
	_ = ask(ejectMedia, nil)
	return nil
}
