package manifest_test

import (
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/manifest"
)

// Whatever lies on a drive as its manifest, it is refused, or names nothing but
// ids.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"", "{}", "[]", `{"channels": null}`, `{"channels": [{"id": "../../etc", "version": 1}]}`,
		`{"channels": [{"id": "1ceff53605e55bef987d88e0908658c5", "version": 3, "include_node_ids": ["x"], "exclude_node_ids": []}], "channel_list_hash": ""}`,
		`{"channels": [{"id": "1ceff53605e55bef987d88e0908658c5", "version": 1e99}]}`, "\xff\xfe{",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "manifest.json")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		read, err := manifest.Read(path)
		if err != nil {
			return
		}
		for _, e := range read.Channels {
			if _, err := channel.ParseID(string(e.ID)); err != nil {
				t.Errorf("%q names the channel %q", text, e.ID)
			}
			for _, n := range e.Nodes {
				if _, err := channel.ParseNodeID(string(n)); err != nil {
					t.Errorf("%q names the node %q", text, n)
				}
			}
		}
	})
}
