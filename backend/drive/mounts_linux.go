package drive

import (
	"slices"
	"strings"
)

// mount is one line of /proc/self/mountinfo, see proc_pid_mountinfo(5).
type mount struct {
	number     string // the device's, such as "8:1"; "0:" and a number for what is on no device
	root       string // the folder of the file system that is mounted, "/" for all of it
	path       string
	readOnly   bool
	fileSystem string
	source     string
}

// parseMounts reads the table of mounts. A line that it does not understand
// is left out.
func parseMounts(table string) []mount {
	var mounts []mount
	for line := range strings.Lines(table) {
		before, after, ok := strings.Cut(strings.TrimSpace(line), " - ")
		place, device := strings.Fields(before), strings.Fields(after)
		if !ok || len(place) < 6 || len(device) < 3 {
			continue
		}
		mounts = append(mounts, mount{
			number:     place[2],
			root:       unescape(place[3]),
			path:       unescape(place[4]),
			readOnly:   slices.Contains(strings.Split(place[5], ","), "ro") || slices.Contains(strings.Split(device[2], ","), "ro"),
			fileSystem: device[0],
			source:     unescape(device[1]),
		})
	}
	return mounts
}

// unescape decodes the octal escapes of blanks, such as \040.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) && octal(s[i+1]) && octal(s[i+2]) && octal(s[i+3]) {
			b.WriteByte((s[i+1]-'0')<<6 | (s[i+2]-'0')<<3 | (s[i+3] - '0'))
			i += 3
		} else {
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func octal(c byte) bool { return c >= '0' && c <= '7' }

// hidden are the file systems that hold no files of people: the kernel's own,
// those in memory, and packed programs. Network folders are left out as
// Kolibri does, because asking after a lost one hangs; they can be named by
// their path.
var hidden = []string{
	"anon_inodefs", "autofs", "bdev", "binfmt_misc", "bpf", "cgmfs", "cgroup", "cgroup2", "configfs", "cpuset", "debugfs", "devpts",
	"devtmpfs", "ecryptfs", "efivarfs", "fuse", "fuse.gvfsd-fuse", "fuse.portal", "fuse.snapfuse", "fusectl", "hugetlbfs", "mqueue",
	"nfs", "nfs4", "nfsd", "nsfs", "pipefs", "proc", "pstore", "ramfs", "rootfs", "rpc_pipefs", "securityfs", "selinuxfs", "sockfs",
	"squashfs", "sysfs", "tmpfs", "tracefs",
}

// never are the places where nothing is mounted that people plugged in.
var never = []string{"/proc", "/sys", "/dev", "/boot", "/snap"}

// visible answers the mounts that may be drives: of several mounts at one
// path the last, which covers the others, and of several mounts of one
// folder of a device the one with the shortest path.
func visible(mounts []mount) []mount {
	at := map[string]mount{}
	for _, m := range mounts {
		at[m.path] = m
	}
	type folder struct{ source, root string }
	shortest := map[folder]mount{}
	for _, m := range at {
		if slices.Contains(hidden, m.fileSystem) || below(m.path, never...) {
			continue
		}
		of := folder{m.source, m.root}
		known, ok := shortest[of]
		if !ok || len(m.path) < len(known.path) || (len(m.path) == len(known.path) && m.path < known.path) {
			shortest[of] = m
		}
	}
	found := make([]mount, 0, len(shortest))
	for _, m := range shortest {
		found = append(found, m)
	}
	return found
}

// systemPath reports whether a path is one where the system mounts its own,
// so that only what can be pulled out counts as a drive there.
func systemPath(path string) bool {
	return below(path, "/tmp", "/var", "/run", "/etc", "/usr") && !below(path, "/run/media")
}
