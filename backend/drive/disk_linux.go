package drive

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// disk answers the Disk of a mount, "" where the kernel tells of none: what is on
// no device, and what lies on several disks. Its name is that of a file system, as
// a drive's id is, since the kernel gives the next stick the name of the last one.
func (s system) disk(m mount) string {
	device, ok := s.folder(m)
	if !ok {
		return ""
	}
	disk, ok := diskBelow(device, maxLayers)
	if !ok {
		return ""
	}
	for _, part := range append([]string{disk}, partitions(disk)...) {
		if uuid := s.nameOf("by-uuid", filepath.Base(part)); uuid != "" {
			return identify("uuid", uuid, "/")
		}
	}
	return identify("disk", filepath.Base(disk))
}

// folder answers the folder in sysfs of the device that is mounted: by its number,
// or by its name for the file systems that have numbers of their own, such as btrfs.
func (s system) folder(m mount) (string, bool) {
	at := filepath.Join(s.sys, "dev", "block", m.number)
	if strings.HasPrefix(m.number, "0:") {
		if !strings.HasPrefix(m.source, "/dev/") {
			return "", false
		}
		at = filepath.Join(s.sys, "class", "block", s.device(m.source))
	}
	folder, err := filepath.EvalSymlinks(at)
	return folder, err == nil
}

// diskBelow answers the folder of the one disk that a device is, or is a part of, or
// lies on: encryption and volumes lie on other devices, their slaves.
func diskBelow(device string, layers int) (disk string, ok bool) {
	if layers == 0 {
		return "", false
	}
	if isPartition(device) {
		device = filepath.Dir(device)
	}
	slaves, err := os.ReadDir(filepath.Join(device, "slaves"))
	if err != nil || len(slaves) == 0 {
		return device, true
	}
	for _, slave := range slaves {
		under, err := filepath.EvalSymlinks(filepath.Join(device, "slaves", slave.Name()))
		if err != nil {
			return "", false
		}
		found, ok := diskBelow(under, layers-1)
		if !ok || disk != "" && found != disk {
			return "", false
		}
		disk = found
	}
	return disk, true
}

func isPartition(folder string) bool {
	_, err := os.Stat(filepath.Join(folder, "partition"))
	return err == nil
}

// partitions answers the folders of a disk's partitions in the order of their
// numbers.
func partitions(disk string) []string {
	below, err := os.ReadDir(disk)
	if err != nil {
		return nil
	}
	numbers := map[string]int{}
	var found []string
	for _, entry := range below {
		at := filepath.Join(disk, entry.Name())
		text, err := os.ReadFile(filepath.Join(at, "partition"))
		if err != nil {
			continue
		}
		if numbers[at], err = strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
			found = append(found, at)
		}
	}
	slices.SortFunc(found, func(a, b string) int { return cmp.Compare(numbers[a], numbers[b]) })
	return found
}
