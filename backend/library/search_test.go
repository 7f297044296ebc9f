package library_test

import (
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/store"
)

// titles answers the titles of what is found, and how many there are in all.
func (s *shelf) titles(q library.Query) (titles []string, total int) {
	s.t.Helper()
	hits, total, err := s.Search(s.t.Context(), q)
	if err != nil {
		s.t.Fatal(err)
	}
	titles = []string{}
	for _, hit := range hits {
		titles = append(titles, hit.Title)
	}
	return titles, total
}

func TestSearch(t *testing.T) {
	t.Parallel()
	titled := func(titles ...string) *channeltest.Channel {
		c := channeltest.New(channeltest.Name("Words"))
		for i, title := range titles {
			c.Root.Children[i%2].Children = append(c.Root.Children[i%2].Children, &channeltest.Node{
				ID: channel.NodeID(rune32(i)), ContentID: rune32(i), Title: title, Kind: "document", Language: "fr", Files: c.Node(channeltest.Document).Files,
			})
		}
		return c
	}

	for name, test := range map[string]struct {
		query  library.Query
		titles []string
		want   []string
	}{
		"every word has to stand in the title":         {library.Query{Text: "photo plants"}, []string{"Photosynthesis in plants", "Photos", "Plants"}, []string{"Photosynthesis in plants"}},
		"case and accents do not matter":               {library.Query{Text: "ETUDE"}, []string{"Étude en mi", "étudier", "Nothing"}, []string{"Étude en mi"}},
		"accents in the question do not matter either": {library.Query{Text: "élève"}, []string{"Eleve", "ÉLÈVES"}, []string{"Eleve", "ÉLÈVES"}},
		"a sharp s is two":                             {library.Query{Text: "strasse"}, []string{"Die Straße"}, []string{"Die Straße"}},
		"a sharp s is two, both ways":                  {library.Query{Text: "straße"}, []string{"STRASSE"}, []string{"STRASSE"}},
		"Arabic is found without its vowel signs":      {library.Query{Text: "كتاب"}, []string{"كِتَابٌ قديم", "الكتاب", "قلم"}, []string{"كِتَابٌ قديم", "الكتاب"}},
		"Arabic is found with another alef":            {library.Query{Text: "احمد"}, []string{"أحمد والشجرة"}, []string{"أحمد والشجرة"}},
		"Arabic is found with a stretched letter":      {library.Query{Text: "مدرسه"}, []string{"مـــدرسة"}, []string{"مـــدرسة"}},
		"a script without spaces is found anywhere":    {library.Query{Text: "数学"}, []string{"小学数学课"}, []string{"小学数学课"}},
		"vowel signs of Devanagari make another word":  {library.Query{Text: "कल"}, []string{"काला"}, nil},
		"what begins with it comes first":              {library.Query{Text: "sum"}, []string{"Resumes", "All sums", "Sums of two", "Consume"}, []string{"Sums of two", channeltest.Exercise, "All sums", "Resumes", "Consume"}},
		"signs of SQL and patterns mean themselves":    {library.Query{Text: "50%_'\""}, []string{"50%_'\" off", "500"}, []string{"50%_'\" off"}},
		"a kind alone finds all of it":                 {library.Query{Kind: "audio"}, nil, []string{channeltest.Audio}},
		"a language alone finds all in it":             {library.Query{Language: "fr"}, []string{"Un", "Deux"}, []string{"Un", "Deux"}},
		"text, kind and language together":             {library.Query{Text: "e", Kind: "document", Language: "de"}, []string{"Un"}, []string{channeltest.Book, channeltest.Copy}},
		"nothing is found of what is not there":        {library.Query{Text: "zzz"}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newShelf(t)
			s.bring(titled(test.titles...))
			got, total := s.titles(test.query)
			slices.Sort(got)
			want := append([]string{}, test.want...)
			slices.Sort(want)
			if name == "what begins with it comes first" {
				got, total = s.titles(test.query)
				want = test.want
				if got[0] != want[0] && got[0] != want[1] || got[2] != want[2] {
					t.Errorf("the order is %q", got)
				}
				slices.Sort(got)
				want = slices.Sorted(slices.Values(want))
			}
			if diff := cmp.Diff(want, got); diff != "" || total != len(test.want) {
				t.Errorf("found %d (-want +got):\n%s", total, diff)
			}
		})
	}

	t.Run("all channels are searched, or one, and a hit says where it is and whether it is here", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		first, second := channeltest.New(channeltest.Name("First")), channeltest.New(channeltest.Seed(1), channeltest.Name("Second"))
		s.bring(first)
		s.bring(second)
		_, wanted := first.Wanted(first.Node(channeltest.Audio))
		s.verify(slices.Collect(maps.Values(wanted))...)
		hits, total, err := s.Search(t.Context(), library.Query{Text: "song"})
		want := []library.Hit{
			{Channel: first.ID, ChannelName: "First", Node: first.Node(channeltest.Audio).ID, Title: channeltest.Audio, Topic: channeltest.Videos, Kind: "audio", Language: "en", Here: true},
			{Channel: second.ID, ChannelName: "Second", Node: second.Node(channeltest.Audio).ID, Title: channeltest.Audio, Topic: channeltest.Videos, Kind: "audio", Language: "en"},
		}
		if diff := cmp.Diff(want, hits); diff != "" || total != 2 || err != nil {
			t.Errorf("found %d, %v (-want +got):\n%s", total, err, diff)
		}
		if got, _ := s.titles(library.Query{Text: "song", Channel: second.ID}); len(got) != 1 {
			t.Errorf("in one channel it finds %q", got)
		}
	})

	t.Run("of many hits the best come, with their number", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		s.bring(channeltest.New(channeltest.Load(3000, 1, 3000)))
		got, total := s.titles(library.Query{Text: "resource 2", Limit: 5})
		if len(got) != 5 || got[0] != "Resource 2" || total < 1000 {
			t.Errorf("it finds %q of %d", got, total)
		}
	})

	t.Run("the titles are those of the database, also after it has changed and after a channel has gone", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), titled("Before")
		s.bring(c)
		if got, _ := s.titles(library.Query{Text: "before"}); len(got) != 1 {
			t.Errorf("before the change it finds %q", got)
		}
		if err := titled("Afterwards and more").WriteDatabase(c.ID.DatabaseIn(s.Content())); err != nil {
			t.Fatal(err)
		}
		later := time.Now().Add(time.Hour)
		if err := os.Chtimes(c.ID.DatabaseIn(s.Content()), later, later); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Refresh(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		before, _ := s.titles(library.Query{Text: "before"})
		after, _ := s.titles(library.Query{Text: "afterwards"})
		if len(before) != 0 || len(after) != 1 {
			t.Errorf("after the change it finds %q and %q", before, after)
		}
		if err := s.Remove(t.Context(), c.ID); err != nil {
			t.Fatal(err)
		}
		if kept, err := s.store.TitlesOf(t.Context(), c.ID); err != nil || len(kept.Parts) > 0 {
			t.Errorf("of a channel that has gone it keeps %d parts, %v", len(kept.Parts), err)
		}
		if got, _ := s.titles(library.Query{Text: "afterwards"}); len(got) != 0 {
			t.Errorf("of a channel that has gone it finds %q", got)
		}
	})

	t.Run("the titles are kept for the first search as soon as the database is here, and not before", func(t *testing.T) {
		t.Parallel()
		s, c := newShelf(t), titled("Early")
		elsewhere := newShelf(t)
		elsewhere.bring(c)
		tree, err := elsewhere.Tree(t.Context(), c.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.KeepTitles(t.Context(), tree); fault.CodeOf(err) != fault.ChannelNotHere {
			t.Errorf("without the database it says %v", err)
		}
		s.bring(c)
		if err := s.KeepTitles(t.Context(), tree); err != nil {
			t.Fatal(err)
		}
		if kept, err := s.store.TitlesOf(t.Context(), c.ID); err != nil || len(kept.Parts) == 0 {
			t.Errorf("it keeps %d parts, %v", len(kept.Parts), err)
		}
		if got, _ := s.titles(library.Query{Text: "early"}); len(got) != 1 {
			t.Errorf("it finds %q", got)
		}
	})

	t.Run("a process that may only read searches all the same", func(t *testing.T) {
		t.Parallel()
		s := newShelf(t)
		s.bring(titled("Blocks"))
		reading, err := store.OpenToRead(t.Context(), s.path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = reading.Close() }()
		hits, total, err := library.New(s.Content(), reading).Search(t.Context(), library.Query{Text: "blocks"})
		if err != nil || total != 1 || hits[0].Title != "Blocks" {
			t.Errorf("it finds %+v, %v", hits, err)
		}
	})
}

// rune32 makes an id.
func rune32(i int) string {
	const digits = "0123456789abcdef"
	id := slices.Repeat([]byte{'e'}, 32)
	id[31], id[30] = digits[i%16], digits[i/16]
	return string(id)
}

// BenchmarkSearch searches a channel of 50,000 nodes.
func BenchmarkSearch(b *testing.B) {
	folder := b.TempDir()
	st, err := store.Open(b.Context(), folder+"/app.sqlite3", store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	lib := library.New(folder+"/content", st)
	c := channeltest.New(channeltest.Load(47_500, 4, 190_000*50))
	if err := c.WriteDatabase(c.ID.DatabaseIn(lib.Content())); err != nil {
		b.Fatal(err)
	}
	b.Run("refresh", func(b *testing.B) {
		for b.Loop() {
			if _, err := lib.Refresh(b.Context(), c.ID); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, text := range []string{"resource 4711", "e", "zzz"} {
		b.Run(text, func(b *testing.B) {
			for b.Loop() {
				if _, _, err := lib.Search(b.Context(), library.Query{Text: text}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
