package selection_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/db"
	"nectar/backend/channel/selection"
	"nectar/backend/fault"
)

// load writes the channel's database and loads its tree.
func load(tb testing.TB, c *channeltest.Channel) *selection.Tree {
	tb.Helper()
	path := c.ID.DatabaseIn(tb.TempDir())
	if err := c.WriteDatabase(path); err != nil {
		tb.Fatal(err)
	}
	d, err := db.Open(tb.Context(), path, c.ID, db.Quick)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	tree, err := selection.Load(tb.Context(), d)
	if err != nil {
		tb.Fatal(err)
	}
	return tree
}

func TestTree(t *testing.T) {
	t.Parallel()
	c := channeltest.New()
	tree := load(t, c)
	t.Run("the tree is as the channel has it", func(t *testing.T) {
		t.Parallel()
		type node struct {
			ID       channel.NodeID
			Content  string
			Title    string
			Kind     channel.Kind
			Files    []channel.LocalFile
			Children []node
		}
		var want func(n *channeltest.Node) node
		want = func(n *channeltest.Node) node {
			made := node{ID: n.ID, Content: n.ContentID, Title: n.Title, Kind: n.Kind}
			for _, f := range n.Files {
				made.Files = append(made.Files, f.LocalFile)
			}
			for _, child := range n.Children {
				made.Children = append(made.Children, want(child))
			}
			return made
		}
		var got func(i int) node
		got = func(i int) node {
			made := node{ID: tree.ID(i), Content: tree.ContentID(i), Title: tree.Title(i), Kind: tree.Kind(i)}
			for f := range tree.Files(i) {
				made.Files = append(made.Files, f)
			}
			for child := range tree.Children(i) {
				if parent, ok := tree.Parent(child); !ok || parent != i {
					t.Errorf("the parent of %d is %d, want %d", child, parent, i)
				}
				made.Children = append(made.Children, got(child))
			}
			return made
		}
		if diff := cmp.Diff(want(c.Root), got(selection.Root)); diff != "" {
			t.Errorf("tree (-want +got):\n%s", diff)
		}
	})
	t.Run("nodes are found by their id", func(t *testing.T) {
		t.Parallel()
		for _, n := range c.Nodes() {
			if i, ok := tree.Find(n.ID); !ok || tree.ID(i) != n.ID {
				t.Errorf("node %q is at %d, %v", n.Title, i, ok)
			}
		}
		for _, id := range []channel.NodeID{"", "x", "ffffffffffffffffffffffffffffffff"} {
			if i, ok := tree.Find(id); ok {
				t.Errorf("node %q is at %d", id, i)
			}
		}
	})
}

func TestSelect(t *testing.T) {
	t.Parallel()
	c := channeltest.New()
	tree := load(t, c)
	ids := func(titles ...string) []channel.NodeID {
		list := []channel.NodeID{}
		for _, title := range titles {
			list = append(list, c.Node(title).ID)
		}
		return list
	}
	for _, n := range c.Nodes() {
		t.Run(fmt.Sprintf("%q brings what is below it and the files of the topics above", n.Title), func(t *testing.T) {
			t.Parallel()
			resources, files := c.Wanted(n)
			got := selected(t, tree, selection.Options{Include: []channel.NodeID{n.ID}})
			check(t, got, resources, files)
		})
	}
	t.Run("nothing named means everything", func(t *testing.T) {
		t.Parallel()
		resources, files := c.Wanted(c.Root)
		check(t, selected(t, tree, selection.Options{}), resources, files)
	})
	t.Run("an empty list means nothing", func(t *testing.T) {
		t.Parallel()
		check(t, selected(t, tree, selection.Options{Include: ids()}), 0, nil)
	})
	t.Run("an exclusion wins over an inclusion below it", func(t *testing.T) {
		t.Parallel()
		got := selected(t, tree, selection.Options{Include: ids(channeltest.Video), Exclude: ids(channeltest.Videos)})
		check(t, got, 0, nil)
	})
	t.Run("what is not excluded stays", func(t *testing.T) {
		t.Parallel()
		resources, files := c.Wanted(c.Node(channeltest.Audio))
		got := selected(t, tree, selection.Options{Include: ids(channeltest.Videos), Exclude: ids(channeltest.Video)})
		check(t, got, resources, files)
	})
	t.Run("a topic that is left with nothing brings no picture, all files or not", func(t *testing.T) {
		t.Parallel()
		for _, all := range []bool{false, true} {
			got := selected(t, tree, selection.Options{AllFiles: all, Exclude: ids(channeltest.Practice, channeltest.Videos, channeltest.Slides)})
			for _, f := range got.Files {
				if f.Title == channeltest.Videos || f.Title == channeltest.Practice || f.Title == channeltest.EmptyTopic {
					t.Errorf("%q brings %s", f.Title, f.Name())
				}
			}
		}
	})
	t.Run("a file that two resources share comes once and names one of them", func(t *testing.T) {
		t.Parallel()
		got := selected(t, tree, selection.Options{Include: ids(channeltest.Book, channeltest.Copy)})
		if got.Resources != 2 {
			t.Errorf("%d resources, want 2", got.Resources)
		}
		shared := c.Node(channeltest.Book).Files[0].Checksum
		count := 0
		for _, f := range got.Files {
			if f.Checksum == shared {
				count++
				if f.Title != channeltest.Book {
					t.Errorf("the file names %q", f.Title)
				}
			}
		}
		if count != 1 {
			t.Errorf("the file comes %d times", count)
		}
	})
	t.Run("resources that no viewer shows come when they are asked for", func(t *testing.T) {
		t.Parallel()
		zim := ids(channeltest.Zim)
		if got := selected(t, tree, selection.Options{Include: zim}); got.Resources != 0 || len(got.Files) != 0 {
			t.Errorf("unasked: %d resources, %d files", got.Resources, len(got.Files))
		}
		if got := selected(t, tree, selection.Options{Include: zim, AllFiles: true}); got.Resources != 1 {
			t.Errorf("asked: %d resources", got.Resources)
		}
	})
	t.Run("an unknown id is named", func(t *testing.T) {
		t.Parallel()
		unknown := []channel.NodeID{"ffffffffffffffffffffffffffffffff"}
		for _, options := range []selection.Options{{Include: unknown}, {Exclude: unknown}} {
			_, err := tree.Select(options)
			if fault.CodeOf(err) != fault.NodeMissing || fault.Of(err).Params["node"] != string(unknown[0]) {
				t.Errorf("select says %v", err)
			}
		}
	})
}

func selected(t *testing.T, tree *selection.Tree, options selection.Options) *selection.Selection {
	t.Helper()
	s, err := tree.Select(options)
	if err != nil {
		t.Fatal(err)
	}
	if resources, bytes, err := tree.Measure(options); err != nil || resources != s.Resources || bytes != s.Bytes {
		t.Errorf("it measures %d resources of %d bytes, and selects %d of %d; %v", resources, bytes, s.Resources, s.Bytes, err)
	}
	return s
}

func check(t *testing.T, got *selection.Selection, resources int, files map[channel.Checksum]channel.LocalFile) {
	t.Helper()
	if got.Resources != resources {
		t.Errorf("%d resources, want %d", got.Resources, resources)
	}
	brought := map[channel.Checksum]channel.LocalFile{}
	var bytes int64
	for _, f := range got.Files {
		if _, twice := brought[f.Checksum]; twice {
			t.Errorf("%s comes twice", f.Name())
		}
		brought[f.Checksum] = f.LocalFile
		bytes += f.Size
	}
	if len(files) == 0 {
		files = map[channel.Checksum]channel.LocalFile{}
	}
	if diff := cmp.Diff(files, brought); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if got.Bytes != bytes {
		t.Errorf("%d bytes, want %d", got.Bytes, bytes)
	}
}

func TestTotals(t *testing.T) {
	t.Parallel()
	t.Run("the root's totals are the channel's", func(t *testing.T) {
		t.Parallel()
		c := channeltest.New(channeltest.Load(100, 3, 50_000))
		resources, size := c.Totals()
		got := load(t, c).Totals(nil)[selection.Root]
		if diff := cmp.Diff(channel.Totals{Resources: resources, Size: size}, got); diff != "" {
			t.Errorf("totals (-want +got):\n%s", diff)
		}
	})
	for seed := range uint64(12) {
		t.Run(fmt.Sprintf("in random tree %d every node's totals are those of its subtree", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 0))
			c := scatter(random)
			here := map[channel.Checksum]bool{}
			for _, f := range c.Files() {
				here[f.Checksum] = random.IntN(3) == 0
			}
			tree := load(t, c)
			got := tree.Totals(func(sum channel.Checksum) bool { return here[sum] })
			for _, n := range c.Nodes() {
				i, _ := tree.Find(n.ID)
				if diff := cmp.Diff(count(n, here), got[i]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", n.Title, diff)
				}
			}
		})
	}
	t.Run("a tree that is one long chain is counted", func(t *testing.T) {
		t.Parallel()
		c := channeltest.New()
		shared := c.Node(channeltest.Audio)
		at := c.Root
		for i := range 3000 {
			topic := &channeltest.Node{ID: id(2 * i), ContentID: string(id(2 * i)), Title: "Topic", Kind: channel.Topic}
			leaf := &channeltest.Node{ID: id(2*i + 1), ContentID: string(id(2*i + 1)), Title: "Leaf", Kind: "audio", Files: shared.Files}
			at.Children = append(at.Children, leaf, topic)
			at = topic
		}
		resources, size := c.Totals()
		got := load(t, c).Totals(nil)[selection.Root]
		if got.Resources != resources || got.Size != size {
			t.Errorf("totals are %+v, want %d, %d", got, resources, size)
		}
	})
}

func id(n int) channel.NodeID { return channel.NodeID(fmt.Sprintf("%032x", n)) }

// scatter hangs random topics and resources with random files of the sample
// into a channel, so that many files are shared at all distances.
func scatter(random *rand.Rand) *channeltest.Channel {
	c := channeltest.New()
	pool := c.Files()
	topics := []*channeltest.Node{c.Root}
	for i := range 60 {
		n := &channeltest.Node{ID: id(i), ContentID: string(id(i)), Title: fmt.Sprintf("Node %d", i), Kind: "video"}
		for range random.IntN(4) {
			n.Files = append(n.Files, pool[random.IntN(len(pool))])
		}
		above := topics[random.IntN(len(topics))]
		above.Children = append(above.Children, n)
		if random.IntN(3) == 0 {
			n.Kind = channel.Topic
			topics = append(topics, n)
		}
	}
	return c
}

// count counts the totals of one subtree the long way.
func count(top *channeltest.Node, here map[channel.Checksum]bool) channel.Totals {
	var totals channel.Totals
	seen := map[channel.Checksum]bool{}
	var walk func(n *channeltest.Node) bool
	walk = func(n *channeltest.Node) bool {
		counts := false
		if n.Kind != channel.Topic {
			renderable, available := false, false
			for _, f := range n.Files {
				renderable = renderable || f.Preset.Renderable()
				available = available || (!f.Supplementary && here[f.Checksum])
			}
			counts = renderable || available
			if counts {
				totals.Resources++
			}
			if available {
				totals.AvailableResources++
			}
		}
		for _, child := range n.Children {
			counts = walk(child) || counts
		}
		for _, f := range n.Files {
			if (counts || here[f.Checksum]) && !seen[f.Checksum] {
				seen[f.Checksum] = true
				totals.Size += f.Size
				if here[f.Checksum] {
					totals.AvailableSize += f.Size
				}
			}
		}
		return counts
	}
	walk(top)
	return totals
}

func TestLoad(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	channeltest.Break(t, c, drive, channeltest.BrokenMPTT)
	t.Run("a broken tree is not loaded", func(t *testing.T) {
		t.Parallel()
		d, err := db.Open(t.Context(), c.ID.DatabaseIn(channeltest.ContentIn(drive)), c.ID, db.Quick)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = d.Close() }()
		if _, err := selection.Load(t.Context(), d); fault.CodeOf(err) != fault.BrokenTree {
			t.Errorf("load says %v", err)
		}
	})
	t.Run("a channel of many roles is read alike", func(t *testing.T) {
		t.Parallel()
		c, drive := channeltest.Make(t)
		var trees []*selection.Tree
		for _, load := range []func(context.Context, *db.DB) (*selection.Tree, error){selection.Load, selection.LoadAsLarge} {
			d, err := db.Open(t.Context(), c.ID.DatabaseIn(channeltest.ContentIn(drive)), c.ID, db.Quick)
			if err != nil {
				t.Fatal(err)
			}
			tree, err := load(t.Context(), d)
			_ = d.Close()
			if err != nil {
				t.Fatal(err)
			}
			trees = append(trees, tree)
		}
		small, large := trees[0], trees[1]
		for i := range small.Len() {
			want, got := maps.Collect(small.Files(i)), maps.Collect(large.Files(i))
			if len(want) == 0 && small.Kind(i) != channel.Topic {
				t.Errorf("%s has no file", small.Title(i))
			}
			if !maps.Equal(want, got) {
				t.Errorf("%s has %v, want %v", small.Title(i), got, want)
			}
		}
		nothing := func(channel.Checksum) bool { return false }
		if want, got := small.Totals(nothing), large.Totals(nothing); !slices.Equal(want, got) {
			t.Errorf("it counts %v, want %v", got, want)
		}
	})
}
