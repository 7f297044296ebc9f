package drive

import (
	"cmp"
	"strconv"
	"strings"
)

// wholeDisk answers the name that macOS gives a disk, such as "disk2", from that of
// a part of it, such as "/dev/disk2s1" or "/dev/disk3s1s1"; "" when it is another
// kind of name.
func wholeDisk(device string) string {
	name, ok := strings.CutPrefix(device, "/dev/")
	number, isDisk := strings.CutPrefix(name, "disk")
	if !ok || !isDisk {
		return ""
	}
	number, _, _ = strings.Cut(number, "s")
	if _, err := strconv.ParseUint(number, 10, 32); err != nil {
		return ""
	}
	return "disk" + number
}

// compareSlices compares two parts of one disk by where they come on it.
func compareSlices(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
