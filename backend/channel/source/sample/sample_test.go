package sample_test

import (
	"archive/zip"
	"bytes"
	"crypto/md5"
	"io"
	"os"
	"strings"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/sample"
	"nectar/backend/channel/source/sourcetest"
)

func TestSample(t *testing.T) {
	t.Parallel()
	from := sample.Open()

	t.Run("it lists its one channel", func(t *testing.T) {
		t.Parallel()
		listings, err := from.Channels(t.Context())
		must(t, err)
		if len(listings) != 1 {
			t.Fatalf("got %d channels, want 1", len(listings))
		}
		l := listings[0]
		must(t, l.Err)
		if l.ID != sample.ChannelID || l.Name != "Bees and nectar" || l.Language != "en" || l.Schema != 5 || l.Resources != 7 {
			t.Errorf("got %+v", l)
		}
		if !strings.HasPrefix(l.Thumbnail, "data:image/png;base64,") {
			t.Error("it has no thumbnail")
		}
		if l.Size < 100_000 || l.Size > 300_000 {
			t.Errorf("it is %d bytes large, want something to see but no more than 300 kB", l.Size)
		}
	})

	t.Run("its database withstands the full check and every file is what its name says", func(t *testing.T) {
		t.Parallel()
		kinds := make(map[string]int)
		files, _ := wanted(t, from)
		for _, f := range files {
			data := read(t, from, f.LocalFile)
			if md5.Sum(data) != f.Checksum || int64(len(data)) != f.Size {
				t.Errorf("%s of %q is damaged", f.Name(), f.Title)
			}
			kinds[f.Extension]++
			switch f.Extension {
			case "zip":
				opensAsPage(t, data)
			case "pdf":
				startsWith(t, data, "%PDF-1.")
			case "png":
				startsWith(t, data, "\x89PNG")
			case "mp3":
				startsWith(t, data, "ID3")
			}
		}
		for _, extension := range []string{"zip", "pdf", "png", "mp3", "json"} {
			if kinds[extension] == 0 {
				t.Errorf("no %s is among the files", extension)
			}
		}
	})
}

func TestConformance(t *testing.T) {
	t.Parallel()
	from := sample.Open()
	files, metadata := wanted(t, from)
	held := sourcetest.Held{
		Content: "content", Database: sample.ChannelID, Lost: channel.LocalFile{Extension: "mp4"},
		Channels: []source.Listing{{Metadata: metadata, Resources: 7}},
	}
	for _, f := range files {
		held.Files = append(held.Files, f.LocalFile)
		held.Channels[0].Size += f.Size
	}
	sourcetest.RunFilled(t, from, held)
}

// wanted answers the files of the sample's channel, and what its database says of it.
func wanted(t *testing.T, from source.Source) ([]selection.File, channel.Metadata) {
	t.Helper()
	path, err := source.FetchDatabase(t.Context(), from, sample.ChannelID, t.TempDir())
	must(t, err)
	defer func() { must(t, os.Remove(path)) }()
	database, err := db.Open(t.Context(), path, sample.ChannelID, db.Pages)
	must(t, err)
	defer func() { must(t, database.Close()) }()
	tree, err := selection.Load(t.Context(), database)
	must(t, err)
	all, err := tree.Select(selection.Options{})
	must(t, err)
	return all.Files, database.Metadata()
}

func read(t *testing.T, from source.Source, file channel.LocalFile) []byte {
	t.Helper()
	f, err := from.OpenFile(t.Context(), file)
	must(t, err)
	defer func() { must(t, f.Close()) }()
	data, err := io.ReadAll(f)
	must(t, err)
	if int64(len(data)) != f.Size() {
		t.Errorf("%s says it has %d bytes, it has %d", file.Name(), f.Size(), len(data))
	}
	return data
}

func opensAsPage(t *testing.T, data []byte) {
	t.Helper()
	packed, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	must(t, err)
	page, err := packed.Open("index.html")
	must(t, err)
	html, err := io.ReadAll(page)
	must(t, err)
	if bytes.Contains(html, []byte("{{")) || bytes.Contains(html, []byte("://")) {
		t.Error("the page is not filled in, or needs something from outside")
	}
}

func startsWith(t *testing.T, data []byte, magic string) {
	t.Helper()
	if !bytes.HasPrefix(data, []byte(magic)) {
		t.Errorf("the file starts with %q, want %q", data[:min(8, len(data))], magic)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
