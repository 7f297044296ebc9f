package drive

import "testing"

func TestSlices(t *testing.T) {
	t.Parallel()
	for device, want := range map[string]string{
		"/dev/disk2": "disk2", "/dev/disk2s1": "disk2", "/dev/disk3s1s1": "disk3", "/dev/disk12s2": "disk12",
		"/dev/disks": "", "/dev/sda1": "", "disk2s1": "", "//person@server/lessons": "", "map auto_home": "", "": "",
	} {
		if got := wholeDisk(device); got != want {
			t.Errorf("the disk of %q is %q, want %q", device, got, want)
		}
	}
	if compareSlices("/dev/disk2s2", "/dev/disk2s10") >= 0 || compareSlices("/dev/disk2s1", "/dev/disk2s2") >= 0 || compareSlices("/dev/disk2", "/dev/disk2s1") >= 0 {
		t.Error("slices come in another order")
	}
}
