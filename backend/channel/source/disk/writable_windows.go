package disk

import "golang.org/x/sys/windows"

// writable asks whether the folder is marked read-only. Windows has no way to
// ask for more without making a file.
func writable(folder string) bool {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return false
	}
	attributes, err := windows.GetFileAttributes(name)
	return err == nil && attributes&windows.FILE_ATTRIBUTE_READONLY == 0
}
