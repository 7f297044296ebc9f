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
	content := t.TempDir()
	for _, c := range []*channeltest.Channel{first, second} {
		if err := c.WriteContent(content); err != nil {
			t.Fatal(err)
		}
	}
	lost := first.Node(channeltest.Book).Files[0]
	if err := channeltest.RemoveFile(lost.LocalFile)(first, content); err != nil {
		t.Fatal(err)
	}
	s := suite{source: open(t, content), channel: first, lost: lost.LocalFile}

	t.Run("it describes itself", s.info)
	t.Run("it lists its channels by name", func(t *testing.T) { s.list(t, second, first) })
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
	source  source.Source
	channel *channeltest.Channel
	lost    channel.LocalFile // of the channel, but not there
}

func (s suite) info(t *testing.T) {
	info := s.source.Info()
	if info.ID == "" || info.Kind == "" || info.Name == "" || (info.Path == "" && info.URL == "") {
		t.Errorf("info is %+v", info)
	}
}

func (s suite) list(t *testing.T, want ...*channeltest.Channel) {
	listings, err := s.source.Channels(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(listings) != len(want) {
		t.Fatalf("%d channels, want %d", len(listings), len(want))
	}
	type told struct {
		ID        channel.ID
		Name      string
		Version   int64
		Thumbnail string
		Resources int
		Size      int64
	}
	for i, l := range listings {
		if l.Err != nil {
			t.Errorf("%s: %v", l.Name, l.Err)
		}
		resources, size := want[i].Totals()
		if diff := cmp.Diff(
			told{want[i].ID, want[i].Name, want[i].Version, want[i].Thumbnail, resources, size},
			told{l.ID, l.Name, l.Version, l.Thumbnail, l.Resources, l.Size},
		); diff != "" {
			t.Errorf("channel %d (-want +got):\n%s", i, diff)
		}
	}
}

func (s suite) database(t *testing.T) {
	// The same options make the same bytes, so what the source answers is
	// compared with a database made anew.
	other := t.TempDir()
	if err := s.channel.WriteDatabase(s.channel.ID.DatabaseIn(other)); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(s.channel.ID.DatabaseIn(other))
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.source.OpenDatabase(t.Context(), s.channel.ID)
	compare(t, "database", want, f, err)
}

func (s suite) files(t *testing.T) {
	for _, want := range s.channel.Files() {
		if want.LocalFile == s.lost {
			continue
		}
		bytes, err := io.ReadAll(want.Open())
		if err != nil {
			t.Fatal(err)
		}
		f, err := s.source.OpenFile(t.Context(), want.LocalFile)
		compare(t, want.Name(), bytes, f, err)
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
	f, err := s.source.OpenFile(t.Context(), s.lost)
	if fault.CodeOf(err) != fault.FileMissing || f != nil {
		t.Errorf("it says %v", err)
	} else if got := fault.Of(err).Params["file"]; got != s.lost.Name() {
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
	_, database := s.source.OpenDatabase(ctx, s.channel.ID)
	_, file := s.source.OpenFile(ctx, s.channel.Files()[0].LocalFile)
	for what, err := range map[string]error{"channels": channels, "open database": database, "open file": file} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s says %v", what, err)
		}
	}
}
