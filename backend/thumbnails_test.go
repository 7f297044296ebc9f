package backend_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
)

func TestThePicturesOfTopicsAndResourcesAreShown(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	var nodes []channel.NodeID
	with := map[channel.NodeID]channel.LocalFile{}
	for _, n := range c.Nodes() {
		nodes = append(nodes, n.ID)
		for _, f := range n.Files {
			if f.Thumbnail {
				with[n.ID] = f.LocalFile
			}
		}
	}
	if len(with) < 2 || len(with) == len(nodes) {
		t.Fatalf("%d of %d nodes have a picture", len(with), len(nodes))
	}
	p := start(t, t.TempDir())
	seen := func(reference string) map[channel.NodeID]string {
		t.Helper()
		pictures, err := p.Services.Library.Thumbnails(t.Context(), p.person, c.ID, nodes, reference)
		if err != nil {
			t.Fatal(err)
		}
		for node, picture := range pictures {
			if _, has := with[node]; !has || !strings.HasPrefix(picture, "data:image/png;base64,") {
				t.Errorf("node %s has the picture %.40q", node, picture)
			}
		}
		return pictures
	}
	if got := seen(drive); len(got) != len(with) {
		t.Errorf("on the drive are %d pictures, want %d", len(got), len(with))
	}
	damaged := nodes[slices.IndexFunc(nodes, func(n channel.NodeID) bool { _, has := with[n]; return has })]
	channeltest.Break(t, c, drive, channeltest.FlipByte(with[damaged]))
	got := seen(drive)
	for node, file := range with { // some share their picture
		if want := file.Checksum != with[damaged].Checksum; (got[node] != "") != want {
			t.Errorf("with %s damaged, node %s of the picture %s has one: %v", with[damaged].Name(), node, file.Name(), !want)
		}
	}
	p.bring(c)
	for node, file := range with { // that of a topic with nothing in it did not come
		if _, err := os.Stat(file.In(p.content())); err != nil {
			delete(with, node)
		}
	}
	if got := seen(""); len(got) != len(with) || len(got) < 2 {
		t.Errorf("on the laptop are %d pictures, want %d", len(got), len(with))
	}
}
