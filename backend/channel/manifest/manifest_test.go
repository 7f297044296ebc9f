package manifest_test

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/channel/manifest"
	"nectar/backend/fault"
)

// The manifests of a whole channel and of a part of it, as a Kolibri 0.18
// wrote them.
var (
	//go:embed testdata/full.json
	full []byte
	//go:embed testdata/partial.json
	partial []byte
)

func write(t *testing.T, text []byte) (content string) {
	t.Helper()
	content = t.TempDir()
	if err := os.WriteFile(manifest.In(content), text, 0o600); err != nil {
		t.Fatal(err)
	}
	return content
}

func read(t *testing.T, text []byte) manifest.Manifest {
	t.Helper()
	m, err := manifest.Read(manifest.In(write(t, text)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestManifestsAreAsKolibriWritesThem(t *testing.T) {
	t.Parallel()
	for name, text := range map[string][]byte{"of a whole channel": full, "of a part": partial} {
		t.Run("one "+name+" is written again byte for byte, with its hash", func(t *testing.T) {
			t.Parallel()
			m := read(t, text)
			got, err := m.Encode()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(text), string(got)); diff != "" {
				t.Errorf("manifest (-want +got):\n%s", diff)
			}
			var said struct {
				Hash string `json:"channel_list_hash"`
			}
			if err := json.Unmarshal(text, &said); err != nil || said.Hash != m.Hash() {
				t.Errorf("the hash is %s, want %s; %v", m.Hash(), said.Hash, err)
			}
		})
	}

	// What Python's json.dumps and hashlib made of two lists.
	for want, m := range map[string]manifest.Manifest{
		"d751713988987e9331980363e24189ce": {},
		"3d79a8fe6b4a3a6a23fec310a0465067": {Channels: []manifest.Entry{{
			ID: "95a52b386f2c485cb97dd60901674a98", Version: 3, Nodes: []channel.NodeID{"2e8bac07947855369fe2d77642dfc870"},
		}}},
	} {
		if got := m.Hash(); got != want {
			t.Errorf("the hash of %+v is %s, want %s", m, got, want)
		}
	}
}

const (
	blocks = channel.ID("95a52b386f2c485cb97dd60901674a98")
	sums   = channel.ID("0aa05e8d6021615af4ff8c18e8fe3eae")
	first  = channel.NodeID("11111111111111111111111111111111")
	second = channel.NodeID("22222222222222222222222222222222")
	third  = channel.NodeID("33333333333333333333333333333333")
)

func TestMerge(t *testing.T) {
	t.Parallel()

	merge := func(t *testing.T, content string, part manifest.Entry) {
		t.Helper()
		if replaced, err := manifest.Merge(content, part); err != nil || replaced != nil {
			t.Fatalf("merge: %v, replaced %v", err, replaced)
		}
	}
	listed := func(t *testing.T, content string) []manifest.Entry {
		t.Helper()
		m, err := manifest.Read(manifest.In(content))
		if err != nil {
			t.Fatal(err)
		}
		return m.Channels
	}

	t.Run("each version of a channel has one entry, with all that came to it", func(t *testing.T) {
		t.Parallel()
		content := t.TempDir()
		merge(t, content, manifest.Entry{ID: blocks, Version: 3, Nodes: []channel.NodeID{third, first}})
		merge(t, content, manifest.Entry{ID: sums, Version: 1, Nodes: []channel.NodeID{second}})
		merge(t, content, manifest.Entry{ID: blocks, Version: 4, Nodes: []channel.NodeID{first}})
		merge(t, content, manifest.Entry{ID: blocks, Version: 3, Nodes: []channel.NodeID{second, first}})
		want := []manifest.Entry{
			{ID: blocks, Version: 3, Nodes: []channel.NodeID{first, second, third}},
			{ID: sums, Version: 1, Nodes: []channel.NodeID{second}},
			{ID: blocks, Version: 4, Nodes: []channel.NodeID{first}},
		}
		if diff := cmp.Diff(want, listed(t, content)); diff != "" {
			t.Errorf("entries (-want +got):\n%s", diff)
		}
		if left, err := filepath.Glob(filepath.Join(content, "*.transfer")); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})

	t.Run("what a Kolibri listed stays", func(t *testing.T) {
		t.Parallel()
		content := write(t, full)
		merge(t, content, manifest.Entry{ID: blocks, Version: 3, Nodes: []channel.NodeID{first}})
		got := listed(t, content)
		if len(got) != 2 || got[0].ID != sums || len(got[0].Nodes) != 9 {
			t.Errorf("entries are %+v", got)
		}
	})

	t.Run("one that cannot be read is replaced, and that is said", func(t *testing.T) {
		t.Parallel()
		content := write(t, full[:100])
		replaced, err := manifest.Merge(content, manifest.Entry{ID: blocks, Version: 3, Nodes: []channel.NodeID{first}})
		if err != nil || fault.CodeOf(replaced) != fault.ManifestDamaged {
			t.Errorf("merge: %v, replaced %v", err, replaced)
		}
		if got := listed(t, content); len(got) != 1 {
			t.Errorf("entries are %+v", got)
		}
	})

	t.Run("a place that takes nothing keeps the old one", func(t *testing.T) {
		t.Parallel()
		content := write(t, full)
		if err := os.Mkdir(manifest.In(content)+".transfer", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(manifest.In(content)+".transfer", "x"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := manifest.Merge(content, manifest.Entry{ID: blocks, Version: 3}); err == nil {
			t.Error("no error")
		}
		if got, err := os.ReadFile(manifest.In(content)); err != nil || !bytes.Equal(got, full) {
			t.Errorf("the old manifest is changed; %v", err)
		}
	})
}

func TestRead(t *testing.T) {
	t.Parallel()

	t.Run("the part of a channel is that of all its versions", func(t *testing.T) {
		t.Parallel()
		m := manifest.Manifest{Channels: []manifest.Entry{
			{ID: blocks, Version: 3, Nodes: []channel.NodeID{first, third}},
			{ID: sums, Version: 1, Nodes: []channel.NodeID{second}},
			{ID: blocks, Version: 4, Nodes: []channel.NodeID{first, second}},
		}}
		nodes, versions, listed := m.Part(blocks)
		if diff := cmp.Diff([]channel.NodeID{first, second, third}, nodes); diff != "" || !listed || len(versions) != 2 {
			t.Errorf("part of %v, listed %v (-want +got):\n%s", versions, listed, diff)
		}
		if _, _, listed := m.Part("ffffffffffffffffffffffffffffffff"); listed {
			t.Error("a channel that is not listed is")
		}
	})

	for name, text := range map[string]string{
		"text":                        "404 not found",
		"a list":                      "[]",
		"another object":              "{}",
		"an entry without a version":  `{"channels": [{"id": "95a52b386f2c485cb97dd60901674a98"}]}`,
		"an entry without an id":      `{"channels": [{"version": 3}]}`,
		"a path for a node":           `{"channels": [{"id": "95a52b386f2c485cb97dd60901674a98", "version": 3, "include_node_ids": ["../../x"]}]}`,
		"a version that is no number": `{"channels": [{"id": "95a52b386f2c485cb97dd60901674a98", "version": "new"}]}`,
	} {
		t.Run(name+" is no manifest", func(t *testing.T) {
			t.Parallel()
			if _, err := manifest.Read(manifest.In(write(t, []byte(text)))); fault.CodeOf(err) != fault.ManifestDamaged {
				t.Errorf("it says %v", err)
			}
		})
	}

	t.Run("none at all is told apart", func(t *testing.T) {
		t.Parallel()
		if _, err := manifest.Read(manifest.In(t.TempDir())); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("it says %v", err)
		}
	})
}
