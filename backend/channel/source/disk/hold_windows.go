package disk

import (
	"path/filepath"

	"golang.org/x/sys/windows"
)

// grip answers a path that names the volume itself: the letter may be another
// volume's in the next moment, its own name never is.
func grip(folder string) (path string, release func(), err error) {
	release = func() {}
	given, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return "", release, err
	}
	at := make([]uint16, windows.MAX_LONG_PATH)
	if err := windows.GetVolumePathName(given, &at[0], uint32(len(at))); err != nil {
		return "", release, err
	}
	name := make([]uint16, windows.MAX_PATH)
	if windows.GetVolumeNameForVolumeMountPoint(&at[0], &name[0], uint32(len(name))) != nil {
		return folder, release, nil // a letter that is no volume's, such as that of a folder
	}
	inside, err := filepath.Rel(windows.UTF16ToString(at), folder)
	if err != nil {
		return "", release, err
	}
	return filepath.Join(windows.UTF16ToString(name), inside), release, nil
}
