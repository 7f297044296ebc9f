package selection_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/selection"
	"nectar/backend/fault"
)

// filesOf answers a function that finds the files of these nodes.
func filesOf(nodes ...*channeltest.Node) func(channel.Checksum) bool {
	here := map[channel.Checksum]bool{}
	for _, n := range nodes {
		for _, f := range n.Files {
			here[f.Checksum] = true
		}
	}
	return func(c channel.Checksum) bool { return here[c] }
}

func TestSelectWhatIsHere(t *testing.T) {
	t.Parallel()
	c := channeltest.New()
	tree := load(t, c)

	t.Run("only resources come that are here, with their files that are", func(t *testing.T) {
		t.Parallel()
		video, audio, topic := c.Node(channeltest.Video), c.Node(channeltest.Audio), c.Node(channeltest.Videos)
		main, subtitles := video.Files[0], audio.Files[1]
		here := func(sum channel.Checksum) bool {
			return sum == main.Checksum || sum == subtitles.Checksum || sum == topic.Files[0].Checksum
		}
		got := selected(t, tree, selection.Options{AllFiles: true, Here: here})
		check(t, got, 1, map[channel.Checksum]channel.LocalFile{
			main.Checksum: main.LocalFile, topic.Files[0].Checksum: topic.Files[0].LocalFile,
		})
	})

	t.Run("where nothing is here, nothing is meant", func(t *testing.T) {
		t.Parallel()
		got := selected(t, tree, selection.Options{AllFiles: true, Here: filesOf()})
		check(t, got, 0, nil)
	})
}

func TestShortest(t *testing.T) {
	t.Parallel()
	c := channeltest.New()
	tree := load(t, c)
	everywhere := func(channel.Checksum) bool { return true }
	titles := func(t *testing.T, options selection.Options) []string {
		t.Helper()
		ids, err := tree.Shortest(options)
		if err != nil {
			t.Fatal(err)
		}
		found := []string{}
		for _, id := range ids {
			index, _ := tree.Find(id)
			found = append(found, tree.Title(index))
		}
		return found
	}
	only := func(title string) []channel.NodeID { return []channel.NodeID{c.Node(title).ID} }

	for name, test := range map[string]struct {
		options selection.Options
		want    []string
	}{
		"the whole channel is its root": {selection.Options{AllFiles: true, Here: everywhere}, []string{c.Name}},
		"without what no viewer shows its topic is no whole one": {
			selection.Options{Here: everywhere},
			[]string{channeltest.Videos, channeltest.Document, channeltest.Book, channeltest.Copy, channeltest.App, channeltest.Exercise, channeltest.Slides, "A quiz"},
		},
		"a topic of which all is meant stands for it": {
			selection.Options{Include: only(channeltest.Videos)},
			[]string{channeltest.Videos},
		},
		"one of which a part is meant does not": {
			selection.Options{Include: only(channeltest.Videos), Exclude: only(channeltest.Audio)},
			[]string{channeltest.Video},
		},
		"what is not here is not meant": {
			selection.Options{AllFiles: true, Here: filesOf(c.Node(channeltest.Video), c.Node(channeltest.Zim))},
			[]string{channeltest.Video, channeltest.Zim},
		},
		"nothing is nothing": {selection.Options{Include: []channel.NodeID{}}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, titles(t, test.options)); diff != "" {
				t.Errorf("nodes (-want +got):\n%s", diff)
			}
		})
	}

	t.Run("a node that is not there is said", func(t *testing.T) {
		t.Parallel()
		_, err := tree.Shortest(selection.Options{Include: []channel.NodeID{"ffffffffffffffffffffffffffffffff"}})
		if fault.CodeOf(err) != fault.NodeMissing {
			t.Errorf("it says %v", err)
		}
	})
}
