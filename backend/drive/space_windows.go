package drive

import (
	"fmt"

	"golang.org/x/sys/windows"
)

func space(path string) (free, total int64, err error) {
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return 0, 0, fmt.Errorf("measure %s: %w", path, err)
	}
	var mine, all uint64
	if err := windows.GetDiskFreeSpaceEx(name, &mine, &all, nil); err != nil {
		return 0, 0, fmt.Errorf("measure %s: %w", path, err)
	}
	return int64(mine), int64(all), nil //nolint:gosec // a disk of 8 EiB is far off
}
