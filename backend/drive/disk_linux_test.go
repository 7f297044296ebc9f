package drive_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend/drive"
	"nectar/backend/drive/drivetest"
)

// block gives a device of a number its folder in sysfs, and udev's link by the id
// of its file system if it has one.
func (m *machine) block(number, name, folder, uuid string, files map[string]string) {
	m.t.Helper()
	m.device(name, folder, files)
	full := filepath.Join(m.root, "sys", "devices", folder)
	m.link(full, filepath.Join(m.root, "sys", "dev", "block", number))
	if uuid != "" {
		m.link(filepath.Join(m.root, "dev", name), filepath.Join(m.root, "disks", "by-uuid", uuid))
	}
}

// lies lets a device lie on another, whose folder is given.
func (m *machine) lies(folder, on string) {
	m.t.Helper()
	devices := filepath.Join(m.root, "sys", "devices")
	m.link(filepath.Join(devices, on), filepath.Join(devices, folder, "slaves", filepath.Base(on)))
}

// at answers the drive that a device of a number is mounted as.
func (m *machine) at(number, source, fileSystem string) drive.Drive {
	m.t.Helper()
	table := filepath.Join(m.root, "mountinfo")
	m.write(table, fmt.Sprintf("36 25 %s / /mnt/here rw - %s %s rw\n", number, fileSystem, source))
	got, err := drive.AtFrom("/mnt/here/lessons", table, filepath.Join(m.root, "sys"), filepath.Join(m.root, "disks"))
	if err != nil {
		m.t.Fatal(err)
	}
	return got
}

// desktop is a machine with a disk of three partitions, of which the second lies
// encrypted and in two volumes, and a stick with two.
func desktop(t *testing.T) *machine {
	t.Helper()
	m := newMachine(t)
	m.block("259:0", "nvme0n1", "pci0/nvme0n1", "", nil)
	m.block("259:1", "nvme0n1p1", "pci0/nvme0n1/nvme0n1p1", "EF1-0001", map[string]string{"partition": "1\n"})
	m.block("259:2", "nvme0n1p2", "pci0/nvme0n1/nvme0n1p2", "LUKS-0002", map[string]string{"partition": "2\n"})
	m.block("259:10", "nvme0n1p10", "pci0/nvme0n1/nvme0n1p10", "DATA-0010", map[string]string{"partition": "10\n"})
	m.block("253:0", "dm-0", "virtual/dm-0", "", nil)
	m.lies("virtual/dm-0", "pci0/nvme0n1/nvme0n1p2")
	m.block("253:1", "dm-1", "virtual/dm-1", "ROOT-0001", nil)
	m.lies("virtual/dm-1", "virtual/dm-0")
	m.block("8:0", "sda", "usb1/sda", "", nil)
	m.block("8:1", "sda1", "usb1/sda/sda1", "1234-ABCD", map[string]string{"partition": "1\n"})
	m.block("8:2", "sda2", "usb1/sda/sda2", "5678-ABCD", map[string]string{"partition": "2\n"})
	return m
}

func TestTheDiskOfADrive(t *testing.T) {
	t.Parallel()
	t.Run("is the same for its partitions, and is the first of them", func(t *testing.T) {
		t.Parallel()
		m := desktop(t)
		first, second := m.at("8:1", "/dev/sda1", "vfat"), m.at("8:2", "/dev/sda2", "ext4")
		if first.ID == second.ID || first.Disk != first.ID || second.Disk != first.ID {
			t.Errorf("first is %q on %q, second is %q on %q", first.ID, first.Disk, second.ID, second.Disk)
		}
	})
	t.Run("is the same for what lies encrypted and in volumes on it", func(t *testing.T) {
		t.Parallel()
		m := desktop(t)
		first := m.at("259:1", "/dev/nvme0n1p1", "vfat").ID
		for source, number := range map[string]string{
			"/dev/nvme0n1p10": "259:10", "/dev/mapper/vg-root": "253:1", "/dev/root": "253:1", "/dev/dm-1": "0:40",
		} {
			if got := m.at(number, source, "ext4").Disk; got != first {
				t.Errorf("that of %s, %s, is %q, want %q", source, number, got, first)
			}
		}
	})
	t.Run("is another for another disk, also under the name of the last one", func(t *testing.T) {
		t.Parallel()
		m := desktop(t)
		stick := m.at("8:2", "/dev/sda2", "vfat").Disk
		if got := m.at("259:10", "/dev/nvme0n1p10", "ext4").Disk; got == stick {
			t.Errorf("it is %q for both", got)
		}
		next := newMachine(t)
		next.block("8:0", "sda", "usb1/sda", "", nil)
		next.block("8:1", "sda1", "usb1/sda/sda1", "9999-ABCD", map[string]string{"partition": "1\n"})
		if got := next.at("8:1", "/dev/sda1", "vfat"); got.Disk == stick || got.Disk != got.ID {
			t.Errorf("the next stick is %q on %q", got.ID, got.Disk)
		}
	})
	t.Run("stays the same when it is plugged in elsewhere", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		m.block("8:16", "sdb", "usb2/sdb", "", nil)
		m.block("8:17", "sdb1", "usb2/sdb/sdb1", "1234-ABCD", map[string]string{"partition": "1\n"})
		m.block("8:18", "sdb2", "usb2/sdb/sdb2", "5678-ABCD", map[string]string{"partition": "2\n"})
		if got, want := m.at("8:18", "/dev/sdb2", "ext4").Disk, desktop(t).at("8:2", "/dev/sda2", "ext4").Disk; got != want {
			t.Errorf("it is %q, was %q", got, want)
		}
	})
	t.Run("is told where no file system has an id", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		m.block("8:0", "sda", "usb1/sda", "", nil)
		m.block("8:1", "sda1", "usb1/sda/sda1", "", map[string]string{"partition": "1\n"})
		m.block("8:2", "sda2", "usb1/sda/sda2", "", map[string]string{"partition": "2\n"})
		first, second := m.at("8:1", "/dev/sda1", "vfat"), m.at("8:2", "/dev/sda2", "vfat")
		if first.Disk != second.Disk || first.ID == second.ID {
			t.Errorf("disks are %q, %q", first.Disk, second.Disk)
		}
	})
	t.Run("is the drive itself where it has no partitions", func(t *testing.T) {
		t.Parallel()
		m := newMachine(t)
		m.block("8:0", "sda", "usb1/sda", "1234-ABCD", nil)
		m.block("7:0", "loop0", "virtual/loop0", "5678-ABCD", nil)
		for number, source := range map[string]string{"8:0": "/dev/sda", "7:0": "/dev/loop0"} {
			if got := m.at(number, source, "vfat"); got.Disk != got.ID {
				t.Errorf("%s is %q on %q", source, got.ID, got.Disk)
			}
		}
	})
	t.Run("is the drive itself where nobody can tell", func(t *testing.T) {
		t.Parallel()
		m := desktop(t)
		m.block("9:0", "md0", "virtual/md0", "RAID-0001", nil)
		m.lies("virtual/md0", "pci0/nvme0n1/nvme0n1p10")
		m.lies("virtual/md0", "usb1/sda/sda2")
		m.block("253:9", "dm-9", "virtual/dm-9", "RING-0001", nil)
		m.lies("virtual/dm-9", "virtual/dm-9")
		for source, kind := range map[string]string{
			"/dev/md0": "9:0 ext4", "/dev/dm-9": "253:9 ext4", "tmpfs": "0:50 tmpfs", "server:/lessons": "0:51 nfs4",
			"pool/home": "0:52 zfs", "user@host:": "0:53 fuse.sshfs", "/dev/gone": "0:54 btrfs", "/dev/sdz1": "65:1 vfat",
		} {
			number, fileSystem, _ := strings.Cut(kind, " ")
			if got := m.at(number, source, fileSystem); got.Disk != got.ID || got.ID == "" {
				t.Errorf("%s is %q on %q", source, got.ID, got.Disk)
			}
		}
	})
	t.Run("is the same for two volumes on two disks that are one", func(t *testing.T) {
		t.Parallel()
		m := desktop(t)
		m.block("253:5", "dm-5", "virtual/dm-5", "WIDE-0001", nil)
		m.lies("virtual/dm-5", "usb1/sda/sda1")
		m.lies("virtual/dm-5", "usb1/sda/sda2")
		if got, want := m.at("253:5", "/dev/dm-5", "ext4").Disk, m.at("8:1", "/dev/sda1", "vfat").ID; got != want {
			t.Errorf("it is %q, want %q", got, want)
		}
	})
}

// Two partitions of a disk that the kernel of this machine has.
func TestTheDiskOfARealPartition(t *testing.T) {
	t.Parallel()
	first, second := drivetest.Partitioned(t)
	one, err := drive.At(filepath.Join(first, "KOLIBRI_DATA"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := drive.At(second)
	if err != nil {
		t.Fatal(err)
	}
	if one.ID == two.ID || one.Disk != two.Disk {
		t.Errorf("%s is %q on %q, %s is %q on %q", one.Device, one.ID, one.Disk, two.Device, two.ID, two.Disk)
	}
	other, err := drive.At(drivetest.Formatted(t, "ext4", 4<<20))
	if err != nil {
		t.Fatal(err)
	}
	if other.Disk == one.Disk {
		t.Errorf("%s is on the same disk", other.Device)
	}
}
