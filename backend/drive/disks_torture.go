//go:build torture && linux

package drive

import "os"

// A build with the tag torture takes the names of disks from the folder that
// NECTAR_TORTURE_DISKS names, as others do from /dev/disk: a bind mount of one
// folder is then one drive wherever it is mounted, and that of another is
// another, also where no udev tells disks apart.
func init() {
	if folder := os.Getenv("NECTAR_TORTURE_DISKS"); folder != "" {
		thisMachine.disks = folder
	}
}
