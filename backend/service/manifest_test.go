package service_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/manifest"
	"nectar/backend/fault"
)

func TestListed(t *testing.T) {
	t.Parallel()
	services := shelved(t, channeltest.New(channeltest.Seed(9)))
	c, drive := channeltest.Make(t)
	video, song := c.Node(channeltest.Video).ID, c.Node(channeltest.Audio).ID
	const elsewhere = channel.NodeID("ffffffffffffffffffffffffffffffff")
	write := func(t *testing.T, entries ...manifest.Entry) string {
		t.Helper()
		var m manifest.Manifest
		for _, e := range entries {
			m.Add(e)
		}
		text, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "manifest.json")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}

	t.Run("the nodes of all versions are meant, as far as the source has them", func(t *testing.T) {
		t.Parallel()
		file := write(t,
			manifest.Entry{ID: c.ID, Version: 2, Nodes: []channel.NodeID{video, elsewhere}},
			manifest.Entry{ID: c.ID, Version: 3, Nodes: []channel.NodeID{song}})
		got, err := services.Sources.Listed(t.Context(), teacher, c.ID, drive, file)
		want := []channel.NodeID{video, song}
		slices.Sort(want)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("it lists %v, %v; want %v", got, err, want)
		}
	})

	for name, test := range map[string]struct {
		entries []manifest.Entry
		want    fault.Code
	}{
		"without the channel":                         {nil, fault.ManifestLacks},
		"with nothing that is there":                  {[]manifest.Entry{{ID: c.ID, Version: 3, Nodes: []channel.NodeID{elsewhere}}}, fault.ManifestLacks},
		"with an empty list, which Kolibri passes by": {[]manifest.Entry{{ID: c.ID, Version: 3}}, fault.ManifestLacks},
	} {
		t.Run("one "+name+" is refused", func(t *testing.T) {
			t.Parallel()
			_, err := services.Sources.Listed(t.Context(), teacher, c.ID, drive, write(t, test.entries...))
			if fault.CodeOf(err) != test.want {
				t.Errorf("it says %v", err)
			}
		})
	}

	t.Run("a file that is none, or is not there, is refused", func(t *testing.T) {
		t.Parallel()
		for path, want := range map[string]fault.Code{
			c.ID.DatabaseIn(channeltest.ContentIn(drive)): fault.ManifestDamaged,
			filepath.Join(drive, "nowhere.json"):          fault.NoRead,
		} {
			if _, err := services.Sources.Listed(t.Context(), teacher, c.ID, drive, path); fault.CodeOf(err) != want {
				t.Errorf("%s: %v", path, err)
			}
		}
	})
}
