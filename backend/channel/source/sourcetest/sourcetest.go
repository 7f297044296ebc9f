// Package sourcetest is the conformance suite of sources: what every kind of
// source promises, whether it is a drive, a server or something new.
package sourcetest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
)

// Run checks the kind of source that open opens for a content folder, a
// folder that holds databases and storage. The suite fills the folder, and
// writes no more to it once the source is open.
func Run(t *testing.T, open func(t *testing.T, content string) source.Source) {
	t.Helper()
	first := channeltest.New(channeltest.Name("Zebras"))
	second := channeltest.New(channeltest.Name("ants"), channeltest.Seed(1), channeltest.Schema(1))
	lost := first.Node(channeltest.Book).Files[0].LocalFile
	// The same options make the same bytes, so what the source answers is
	// compared with a folder that it has not seen.
	content, other := t.TempDir(), t.TempDir()
	for _, folder := range []string{content, other} {
		for _, c := range []*channeltest.Channel{first, second} {
			if err := c.WriteContent(folder); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := channeltest.RemoveFile(lost)(first, content); err != nil {
		t.Fatal(err)
	}
	held := Held{Content: other, Channels: []source.Listing{listing(second), listing(first)}, Database: first.ID, Lost: lost}
	for _, f := range first.Files() {
		if f.LocalFile != lost {
			held.Files = append(held.Files, f.LocalFile)
		}
	}
	RunFilled(t, open(t, content), held)
}

func listing(c *channeltest.Channel) source.Listing {
	resources, size := c.Totals()
	return source.Listing{
		Metadata:  channel.Metadata{ID: c.ID, Name: c.Name, Version: c.Version, Thumbnail: c.Thumbnail},
		Resources: resources, Size: size,
	}
}

// Held is what a source holds.
type Held struct {
	// Content is a content folder with the same bytes, which is not that of the
	// source.
	Content string
	// Channels are all channels, by name; of each are compared the id, name,
	// version, thumbnail, and the totals.
	Channels []source.Listing
	// Database is a channel whose database is there.
	Database channel.ID
	// Files are some that are there, at least one.
	Files []channel.LocalFile
	// Lost is a file that is not there.
	Lost channel.LocalFile
}

// RunFilled checks a source that cannot be filled by the suite.
func RunFilled(t *testing.T, from source.Source, held Held) {
	t.Helper()
	s := suite{source: from, held: held}
	t.Run("it describes itself", s.info)
	t.Run("it lists its channels by name", s.list)
	t.Run("it answers the bytes of a database", s.database)
	t.Run("it answers the bytes of every file", s.files)
	t.Run("it says which channel it does not have", s.missingChannel)
	t.Run("it says which file it does not have", s.missingFile)
	t.Run("it is alive", s.alive)
	t.Run("it serves several at once", s.concurrent)
	t.Run("a cancelled context ends every request", s.cancelled)
}

// Gone checks that a source that went away says so. The test takes the source
// away before it calls Gone.
func Gone(t *testing.T, s source.Source, c *channeltest.Channel) {
	t.Helper()
	_, channels := s.Channels(t.Context())
	database, openDatabase := s.OpenDatabase(t.Context(), c.ID)
	file, openFile := s.OpenFile(t.Context(), c.Files()[0].LocalFile)
	for what, err := range map[string]error{
		"alive": s.Alive(t.Context()), "channels": channels, "open database": openDatabase, "open file": openFile,
	} {
		if fault.CodeOf(err) != fault.SourceGone {
			t.Errorf("%s says %v, want code %q", what, err, fault.SourceGone)
		}
	}
	if database != nil || file != nil {
		t.Error("a file comes with the error")
	}
}

type suite struct {
	source source.Source
	held   Held
}

func (s suite) info(t *testing.T) {
	info := s.source.Info()
	if info.ID == "" || info.Kind == "" || info.Name == "" || (info.Path == "" && info.URL == "") {
		t.Errorf("info is %+v", info)
	}
}

func (s suite) list(t *testing.T) {
	listings, err := s.source.Channels(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := s.held.Channels
	if len(listings) != len(want) {
		t.Fatalf("%d channels, want %d", len(listings), len(want))
	}
	for i, l := range listings {
		if l.Err != nil {
			t.Errorf("%s: %v", l.Name, l.Err)
		}
		if diff := cmp.Diff(toldOf(want[i]), toldOf(l)); diff != "" {
			t.Errorf("channel %d (-want +got):\n%s", i, diff)
		}
	}
}

// told is what every source tells of a channel.
type told struct {
	ID        channel.ID
	Name      string
	Version   int64
	Thumbnail string
	Resources int
	Size      int64
}

func toldOf(l source.Listing) told {
	return told{l.ID, l.Name, l.Version, l.Thumbnail, l.Resources, l.Size}
}

func (s suite) database(t *testing.T) {
	want, err := os.ReadFile(s.held.Database.DatabaseIn(s.held.Content))
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.source.OpenDatabase(t.Context(), s.held.Database)
	compare(t, "database", want, f, err)
}

func (s suite) files(t *testing.T) {
	for _, file := range s.held.Files {
		want, err := os.ReadFile(file.In(s.held.Content))
		if err != nil {
			t.Fatal(err)
		}
		f, err := s.source.OpenFile(t.Context(), file)
		compare(t, file.Name(), want, f, err)
	}
}

func compare(t *testing.T, name string, want []byte, f source.File, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if f.Size() != int64(len(want)) {
		t.Errorf("%s: size is %d, want %d", name, f.Size(), len(want))
	}
	got, err := io.ReadAll(f)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s: %d bytes differ from the %d wanted, %v", name, len(got), len(want), err)
	}
	if err := f.Close(); err != nil {
		t.Errorf("%s: close: %v", name, err)
	}
}

func (s suite) missingChannel(t *testing.T) {
	id := channeltest.New(channeltest.Seed(99)).ID
	f, err := s.source.OpenDatabase(t.Context(), id)
	if fault.CodeOf(err) != fault.ChannelMissing || f != nil {
		t.Errorf("it says %v", err)
	} else if got := fault.Of(err).Params["channel"]; got != string(id) {
		t.Errorf("it names %v", got)
	}
}

func (s suite) missingFile(t *testing.T) {
	f, err := s.source.OpenFile(t.Context(), s.held.Lost)
	if fault.CodeOf(err) != fault.FileMissing || f != nil {
		t.Errorf("it says %v", err)
	} else if got := fault.Of(err).Params["file"]; got != s.held.Lost.Name() {
		t.Errorf("it names %v", got)
	}
}

func (s suite) alive(t *testing.T) {
	if err := s.source.Alive(t.Context()); err != nil {
		t.Error(err)
	}
}

func (s suite) concurrent(t *testing.T) {
	var done sync.WaitGroup
	for range 4 {
		done.Go(func() { s.files(t) })
		done.Go(func() {
			if _, err := s.source.Channels(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
}

func (s suite) cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, channels := s.source.Channels(ctx)
	_, database := s.source.OpenDatabase(ctx, s.held.Database)
	_, file := s.source.OpenFile(ctx, s.held.Files[0])
	for what, err := range map[string]error{"channels": channels, "open database": database, "open file": file} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s says %v", what, err)
		}
	}
}
