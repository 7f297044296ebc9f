package drive_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/drive"
)

// machine is a Linux machine whose kernel tables lie in a folder. Its mounts
// are real folders below that.
type machine struct {
	t      *testing.T
	root   string
	mounts strings.Builder
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	return &machine{t: t, root: t.TempDir()}
}

// mount mounts a device, given by its name, at a folder below the machine's
// own. Blanks in the path are escaped as the kernel does.
func (m *machine) mount(device, path, fileSystem, options string) string {
	m.t.Helper()
	full := filepath.Join(m.root, "mnt", path)
	if err := os.MkdirAll(full, 0o750); err != nil {
		m.t.Fatal(err)
	}
	m.line(device, full, fileSystem, options)
	return full
}

func (m *machine) line(device, path, fileSystem, options string) {
	escaped := strings.NewReplacer(" ", `\040`, "\t", `\011`, `\`, `\134`).Replace(path)
	fmt.Fprintf(&m.mounts, "36 25 8:1 / %s %s,relatime shared:1 - %s /dev/%s rw\n", escaped, options, fileSystem, device)
}

// device gives a device its folder in sysfs.
func (m *machine) device(name, folder string, files map[string]string) {
	m.t.Helper()
	full := filepath.Join(m.root, "sys", "devices", folder)
	for file, content := range files {
		m.write(filepath.Join(full, file), content)
	}
	m.link(full, filepath.Join(m.root, "sys", "class", "block", name))
}

func (m *machine) link(target, path string) {
	m.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		m.t.Fatal(err)
	}
	if err := os.MkdirAll(target, 0o750); err != nil {
		m.t.Fatal(err)
	}
	if err := os.Symlink(target, path); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) write(path, content string) {
	m.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		m.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

func (m *machine) list() []drive.Drive {
	m.t.Helper()
	table := filepath.Join(m.root, "mountinfo")
	m.write(table, m.mounts.String())
	drives, err := drive.ListFrom(m.t.Context(), table, filepath.Join(m.root, "sys"), filepath.Join(m.root, "disks"))
	if err != nil {
		m.t.Fatal(err)
	}
	return drives
}

// only answers the single drive of the list.
func (m *machine) only() drive.Drive {
	m.t.Helper()
	drives := m.list()
	if len(drives) != 1 {
		m.t.Fatalf("drives are %+v, want one", drives)
	}
	return drives[0]
}

// plug makes a machine with one stick. The folders of tests lie below /tmp,
// where only what can be pulled out counts as a drive.
func plug(t *testing.T) *machine {
	t.Helper()
	m := newMachine(t)
	m.device("sdb1", "pci0/usb2/2-1/block/sdb/sdb1", nil)
	return m
}

func TestList(t *testing.T) {
	t.Parallel()
	t.Run("a stick is described", func(t *testing.T) {
		t.Parallel()
		m := plug(t)
		path := m.mount("sdb1", "SAN DISK", "vfat", "rw")
		got := m.only()
		if got.FreeBytes <= 0 || got.TotalBytes < got.FreeBytes || got.ID == "" {
			t.Errorf("drive is %+v", got)
		}
		got.FreeBytes, got.TotalBytes, got.ID = 0, 0, ""
		want := drive.Drive{Name: "SAN DISK", Path: path, Device: "/dev/sdb1", FileSystem: "vfat", Removable: true, Writable: true}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("drive (-want +got):\n%s", diff)
		}
	})
	t.Run("a label names a drive, and its id keeps it wherever it is plugged in", func(t *testing.T) {
		t.Parallel()
		var ids []string
		for _, device := range []string{"sdb1", "sdc1"} {
			m := newMachine(t)
			m.device(device, "usb2/"+device, nil)
			m.mount(device, "media "+device, "vfat", "rw")
			m.link(filepath.Join(m.root, "dev", device), filepath.Join(m.root, "disks", "by-label", `SCHOOL\x20ONE`))
			m.link(filepath.Join(m.root, "dev", device), filepath.Join(m.root, "disks", "by-uuid", "1234-ABCD"))
			got := m.only()
			if got.Name != "SCHOOL ONE" {
				t.Errorf("name is %q", got.Name)
			}
			ids = append(ids, got.ID)
		}
		if ids[0] != ids[1] {
			t.Errorf("ids are %v", ids)
		}
	})
	for name, test := range map[string]struct {
		folder string
		files  map[string]string
		want   bool
	}{
		"a stick by its flag":      {"ata1/block/sdb/sdb1", map[string]string{"../removable": "1\n"}, true},
		"a disk on USB":            {"usb1/1-2/block/sdb/sdb1", map[string]string{"../removable": "0\n"}, true},
		"a card":                   {"mmc_host/block/mmcblk0/mmcblk0p1", map[string]string{"../device/type": "SD\n"}, true},
		"no disk inside":           {"ata1/block/sda/sda1", map[string]string{"../removable": "0\n"}, false},
		"no memory on the board":   {"mmc_host/block/mmcblk0/mmcblk0p1", map[string]string{"../device/type": "MMC\n"}, false},
		"no folder called usbcase": {"usbcase/block/sda/sda1", nil, false},
	} {
		t.Run(name+" can be pulled out", func(t *testing.T) {
			t.Parallel()
			m := newMachine(t)
			m.device("x1", test.folder, test.files)
			m.mount("x1", "x", "ext4", "rw")
			if got := len(m.list()) == 1; got != test.want {
				t.Errorf("removable is %v, want %v", got, test.want)
			}
		})
	}
	t.Run("what lies encrypted on a stick can be pulled out", func(t *testing.T) {
		t.Parallel()
		m := plug(t)
		m.device("dm-0", "virtual/block/dm-0", map[string]string{"slaves/sdb1/x": ""})
		m.mount("dm-0", "secret", "ext4", "rw")
		if !m.only().Removable {
			t.Error("it cannot")
		}
	})
	t.Run("a drive that was mounted read-only is not writable", func(t *testing.T) {
		t.Parallel()
		m := plug(t)
		m.mount("sdb1", "x", "iso9660", "ro")
		if m.only().Writable {
			t.Error("it is writable")
		}
	})
	t.Run("what is no drive is left out", func(t *testing.T) {
		t.Parallel()
		m := plug(t)
		for i, kind := range []string{"proc", "tmpfs", "squashfs", "nfs4", "fuse.portal", "cgroup2"} {
			m.mount("sdb1", fmt.Sprint("x", i), kind, "rw")
		}
		for _, path := range []string{"/proc/x", "/sys/x", "/dev/x", "/boot/efi", "/snap/x"} {
			m.line("sdb1", path, "ext4", "rw")
		}
		m.line("sdb1", filepath.Join(m.root, "gone"), "vfat", "rw")
		m.write(filepath.Join(m.root, "file"), "a file that something is mounted over")
		m.line("sdb1", filepath.Join(m.root, "file"), "vfat", "rw")
		m.mounts.WriteString("a line of another kind\n36 25 8:1 / /x rw - vfat\n\n")
		if got := m.list(); len(got) != 0 {
			t.Errorf("drives are %+v", got)
		}
	})
	t.Run("a folder that is mounted twice is one drive", func(t *testing.T) {
		t.Parallel()
		m := plug(t)
		m.mount("sdb1", "stick/again", "vfat", "rw")
		path := m.mount("sdb1", "stick", "vfat", "rw")
		if got := m.only().Path; got != path {
			t.Errorf("path is %q, want %q", got, path)
		}
	})
	t.Run("the drives of this machine are listed", func(t *testing.T) {
		t.Parallel()
		if _, err := drive.List(t.Context()); err != nil {
			t.Error(err)
		}
	})
	t.Run("a cancelled context ends it", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := drive.List(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("list says %v", err)
		}
	})
}

func TestAt(t *testing.T) {
	t.Parallel()
	t.Run("a path is on the drive that is mounted closest above it", func(t *testing.T) {
		t.Parallel()
		m := plug(t)
		m.line("sda1", "/", "ext4", "rw")
		path := m.mount("sdb1", "stick", "vfat", "rw")
		table := filepath.Join(m.root, "mountinfo")
		m.write(table, m.mounts.String())
		for at, want := range map[string]string{filepath.Join(path, "KOLIBRI_DATA"): path, path: path, path + "er": "/", "/": "/"} {
			got, err := drive.AtFrom(at, table, filepath.Join(m.root, "sys"), filepath.Join(m.root, "disks"))
			if err != nil || got.Path != want {
				t.Errorf("%s is on %q, %v; want %q", at, got.Path, err, want)
			}
		}
	})
	t.Run("this machine knows the file system of a folder that is yet to be made", func(t *testing.T) {
		t.Parallel()
		got, err := drive.FileSystemOf(filepath.Join(t.TempDir(), "not", "yet"))
		if err != nil || got == "" {
			t.Errorf("file system is %q, %v", got, err)
		}
	})
}

func TestPatience(t *testing.T) {
	t.Parallel()
	t.Run("a dead drive is waited for two seconds", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			dead := make(chan struct{})
			start := time.Now()
			_, ok := drive.Ask(t.Context(), func() bool { <-dead; return true })
			if waited := time.Since(start); ok || waited != 2*time.Second {
				t.Errorf("it answered %v after %v", ok, waited)
			}
			close(dead)
		})
	})
	t.Run("a drive that answers is not waited for", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			answer, ok := drive.Ask(t.Context(), func() bool { return true })
			if waited := time.Since(start); !answer || !ok || waited != 0 {
				t.Errorf("it answered %v, %v after %v", answer, ok, waited)
			}
		})
	})
}

// A job waits for a drive that it was told by its path, listed or not.
func TestADriveThatIsOnNoListIsMounted(t *testing.T) {
	t.Parallel()
	m := newMachine(t)
	share := t.TempDir()
	fmt.Fprintf(&m.mounts, "36 25 0:50 / %s rw,relatime shared:1 - nfs4 server:/lessons rw\n", share)
	table, sys, disks := filepath.Join(m.root, "mounts"), filepath.Join(m.root, "sys"), filepath.Join(m.root, "disks")
	m.write(table, m.mounts.String())
	listed, err := drive.ListFrom(t.Context(), table, sys, disks)
	if err != nil || len(listed) != 0 {
		t.Errorf("listed are %v, %v", listed, err)
	}
	at, err := drive.AtFrom(share, table, sys, disks)
	if err != nil || !drive.MountedFrom(at.ID, table, sys, disks) {
		t.Errorf("%v is not mounted, %v", at, err)
	}
	m.write(table, "")
	if drive.MountedFrom(at.ID, table, sys, disks) {
		t.Error("it is mounted after it was taken away")
	}
}
