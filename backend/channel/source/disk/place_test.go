package disk_test

import (
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/disk"
	"nectar/backend/drive/drivetest"
	"nectar/backend/fault"
)

func TestPlace(t *testing.T) {
	t.Parallel()
	stick := func(t *testing.T) (*drivetest.Sticks, disk.Machine, string) {
		t.Helper()
		path, sticks := filepath.Join(t.TempDir(), "SANDISK"), &drivetest.Sticks{}
		if err := os.Mkdir(path, 0o750); err != nil {
			t.Fatal(err)
		}
		sticks.Plug("1234", "SANDISK", path)
		return sticks, disk.On(sticks), path
	}

	t.Run("a drive is known by itself, with or without the folder that holds channels", func(t *testing.T) {
		t.Parallel()
		_, m, path := stick(t)
		for _, given := range []string{path, filepath.Join(path, "KOLIBRI_DATA")} {
			got, err := m.Place(given)
			want := source.On{Drive: "1234", Name: "SANDISK", Inside: ".", Comes: true}
			if err != nil || got.Path != path || got.On != want || got.FileSystem != "vfat" || got.Content() != channeltest.ContentIn(path) {
				t.Errorf("%s is %+v, %v", given, got, err)
			}
		}
	})

	t.Run("a folder may be yet to be made, its parent not", func(t *testing.T) {
		t.Parallel()
		_, m, path := stick(t)
		if got, err := m.Place(filepath.Join(path, "new")); err != nil || got.On.Inside != "new" || got.On.Drive != "1234" {
			t.Errorf("it is %+v, %v", got, err)
		}
		if _, err := m.Place(filepath.Join(path, "not", "there")); fault.CodeOf(err) != fault.SourceMissing {
			t.Errorf("it says %v", err)
		}
		if entries, err := os.ReadDir(path); err != nil || len(entries) != 0 {
			t.Errorf("looking made %v, %v", entries, err)
		}
	})

	t.Run("a drive is found wherever it is mounted, and another at its place is not taken for it", func(t *testing.T) {
		t.Parallel()
		sticks, m, path := stick(t)
		on := source.On{Drive: "1234", Name: "SANDISK", Inside: ".", Comes: true}
		aside, err := sticks.Pull("1234")
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Reachable(t.Context(), on, path); fault.CodeOf(err) != fault.SourceGone {
			t.Errorf("pulled out it is reachable: %v", err)
		}
		if err := os.Mkdir(path, 0o750); err != nil {
			t.Fatal(err)
		}
		sticks.Plug("5678", "OTHER", path)
		if got, err := m.FindPlace(t.Context(), on, path); fault.CodeOf(err) != fault.SourceMissing {
			t.Errorf("it is %+v, %v", got, err)
		}
		sticks.Plug("1234", "SANDISK", aside)
		if got, err := m.FindPlace(t.Context(), on, path); err != nil || got.Path != aside {
			t.Errorf("it is %+v, %v", got, err)
		}
	})
}

func TestHolds(t *testing.T) {
	t.Parallel()
	c, path := channeltest.Make(t)
	missing := c.Files()[0].LocalFile
	channeltest.Break(t, c, path, channeltest.RemoveFile(missing))
	opened, err := disk.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	holder, is := opened.(source.Holder)
	if !is {
		t.Fatal("it does not tell what it has")
	}
	var sums []channel.Checksum
	for _, f := range c.Files() {
		sums = append(sums, f.Checksum)
	}
	holds, err := holder.Holds(t.Context(), c.ID, sums)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range c.Files() {
		if got, want := holds(f.Checksum), f.Checksum != missing.Checksum; got != want {
			t.Errorf("it holds %s: %v", f.Name(), got)
		}
	}
}
