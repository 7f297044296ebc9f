package drive

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// device answers the kernel's name of a device, such as "sda1", following the
// links that stand for it.
func (s system) device(source string) string {
	if resolved, err := filepath.EvalSymlinks(source); err == nil {
		source = resolved
	}
	return filepath.Base(source)
}

// attached reports whether the device of a mount is there, as far as the
// kernel calls it by the name of a device: "/dev/root" and names elsewhere stand
// for something else.
func (s system) attached(source string) bool {
	if !strings.HasPrefix(source, "/dev/") || source == "/dev/root" {
		return true
	}
	if _, err := os.Stat(source); err == nil {
		return true
	}
	_, err := os.Stat(filepath.Join(s.sys, "class", "block", filepath.Base(source)))
	return err == nil
}

// nameOf looks for a link to the device in one of udev's folders and answers
// the link's name, "" when there is none.
func (s system) nameOf(kind, device string) string {
	folder := filepath.Join(s.disks, kind)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return ""
	}
	for _, entry := range entries {
		if target, err := os.Readlink(filepath.Join(folder, entry.Name())); err == nil && filepath.Base(target) == device {
			return unhex(entry.Name())
		}
	}
	return ""
}

// unhex decodes the escapes of udev, such as \x20.
func unhex(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if strings.HasPrefix(s[i:], `\x`) && i+4 <= len(s) {
			if c, err := strconv.ParseUint(s[i+2:i+4], 16, 8); err == nil {
				b.WriteByte(byte(c))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// maxLayers bounds how many devices lie under one another, such as encryption
// over volumes over a disk.
const maxLayers = 8

// removable reports whether a device can be pulled out: a stick, a card, a
// disk on USB, or what lies encrypted on one. The kernel's own flag is set
// for sticks and cards only.
func (s system) removable(device string) bool { return s.removableBelow(device, maxLayers) }

func (s system) removableBelow(device string, layers int) bool {
	folder, err := filepath.EvalSymlinks(filepath.Join(s.sys, "class", "block", device))
	if err != nil || layers == 0 {
		return false
	}
	for _, at := range []string{folder, filepath.Dir(folder)} { // a partition lies below its disk
		if flag, err := os.ReadFile(filepath.Join(at, "removable")); err == nil && strings.TrimSpace(string(flag)) == "1" {
			return true
		}
		if kind, err := os.ReadFile(filepath.Join(at, "device", "type")); err == nil && strings.TrimSpace(string(kind)) == "SD" {
			return true
		}
	}
	for part := range strings.SplitSeq(folder, string(filepath.Separator)) {
		if number, ok := strings.CutPrefix(part, "usb"); ok {
			if _, err := strconv.Atoi(number); err == nil {
				return true
			}
		}
	}
	under, err := os.ReadDir(filepath.Join(folder, "slaves"))
	if err != nil {
		return false
	}
	for _, entry := range under {
		if s.removableBelow(entry.Name(), layers-1) {
			return true
		}
	}
	return false
}
