package content_test

import (
	"cmp"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nectar/backend/auth"
	"nectar/backend/channel/channeltest"
	"nectar/backend/library"
	"nectar/backend/plugins/content"
	"nectar/backend/store"
	"nectar/backend/task"
)

// checks makes a job that checks the channels, or all.
func (l *laptop) checks(channels ...*channeltest.Channel) task.Job {
	l.t.Helper()
	request := map[string]any{}
	var ids []any
	for _, c := range channels {
		ids = append(ids, string(c.ID))
	}
	if ids != nil {
		request["channel_ids"] = ids
	}
	definition, _ := l.registry.Lookup("content.verify")
	args, metadata, err := definition.Validate(l.t.Context(), auth.Program(), request)
	must(l.t, err)
	stored, err := l.Enqueue(l.t.Context(), task.NewJob{Task: definition, Args: args, Metadata: metadata})
	must(l.t, err)
	return stored.First()
}

func TestOneCheckReadsTheDiskAtATimeAndKeepsNoImportWaiting(t *testing.T) {
	t.Parallel()
	s := newStage(t, "content.verify")
	first, second, lesson := channeltest.New(), channeltest.New(channeltest.Seed(1)), channeltest.New(channeltest.Seed(2))
	s.has(first)
	s.has(second)
	reach, open := s.inTheMiddle()
	all := s.checks()
	reach()

	one := s.checks(first)
	if got := s.Live(one).Behind; got != 1 {
		t.Errorf("a check of one channel comes after %d others, want that of all", got)
	}
	s.has(lesson)
	if j, err := s.store.Job(t.Context(), one.ID); err != nil || j.State != task.Queued {
		t.Errorf("while all are checked the check of one is %v, %v", j.State, err)
	}
	open()
	s.ends(all.ID, task.Completed)
	s.ends(one.ID, task.Completed)
}

// What is remembered of a hundred thousand files takes a tenth of a second to load.
func TestACheckLoadsTheMemoryOfFilesNoMoreOftenWhenManyAreMissing(t *testing.T) {
	t.Parallel()
	loads := func(missing int) int32 {
		l, c := newLaptop(t), channeltest.New()
		l.has(c)
		_, files := c.Wanted(c.Root)
		for _, f := range slices.Collect(maps.Values(files))[:missing] {
			must(t, os.Remove(f.In(l.content)))
		}
		l.loads.Store(0)
		var got content.VerifyResult
		must(t, json.Unmarshal(l.ends(l.checks(c).ID, task.Completed).Result, &got))
		if got.FilesMissing != missing {
			t.Errorf("%d files are missing, want %d", got.FilesMissing, missing)
		}
		return l.loads.Load()
	}
	if few, many := loads(1), loads(10); many != few {
		t.Errorf("with one missing file it loads all %d times, with ten %d times", few, many)
	}
}

// A deletion waits for the check of a file, which may find it damaged and say so.
func TestADeletionLeavesNoLostFile(t *testing.T) {
	t.Parallel()
	s, c := newStage(t, "content.delete"), channeltest.New()
	s.has(c)
	removal, err := s.library.PlanRemoval(t.Context(), library.RemovalRequest{Channel: c.ID})
	must(t, err)
	file := removal.Files[1].LocalFile
	reach, open := s.claimed(file.In(s.content), func() int64 { return removal.Files[0].Bytes })
	deletes, _ := s.registry.Lookup("content.delete")
	args, metadata, err := deletes.Validate(t.Context(), auth.Program(), map[string]any{"channel_id": string(c.ID)})
	must(t, err)
	stored, err := s.Enqueue(t.Context(), task.NewJob{Task: deletes, Args: args, Metadata: metadata})
	must(t, err)
	reach()
	if n, err := s.store.LoseFiles(t.Context(), []store.LostFile{{LocalFile: file, Damaged: true}}); err != nil || n != 1 {
		t.Fatalf("%d files are lost, %v", n, err)
	}
	open()
	s.ends(stored.First().ID, task.Completed)
	if lost, err := s.store.LostFiles(t.Context()); err != nil || len(lost) != 0 {
		t.Errorf("lost are %v, %v", lost, err)
	}
}

func TestACheckSaysOfHowManyChannelsItIs(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	first, second, third := channeltest.New(channeltest.Name("Zebras")), channeltest.New(channeltest.Seed(1)), channeltest.New(channeltest.Seed(2))
	for _, c := range []*channeltest.Channel{first, second, third} {
		l.has(c)
	}
	checks, _ := l.registry.Lookup("content.verify")
	says := func(j task.Job) (title string, of any) {
		said := checks.Describe(j)
		params := said.Params
		if said.TitleParams != nil {
			params = said.TitleParams
		}
		return said.Title, cmp.Or(params["channel"], params["count"])
	}
	must(t, l.PauseQueue(t.Context(), "content"))

	if title, of := says(l.checks(first)); title != "content.verify.title_stopped" || of != "Zebras" {
		t.Errorf("of one channel it says %s of %v", title, of)
	}
	if title, of := says(l.checks(first, third)); title != "content.verify.title_stopped_some" || of != int64(2) {
		t.Errorf("of two of three channels it says %s of %v", title, of)
	}
	if title, _ := says(l.checks()); title != "content.verify.title_stopped_all" {
		t.Errorf("of all channels it says %s", title)
	}
}

func TestACheckOfAChannelWithoutFilesDoesNotSayThatTheyAreWhole(t *testing.T) {
	t.Parallel()
	l, c := newLaptop(t), channeltest.New()
	database := c.ID.DatabaseIn(l.content)
	must(t, os.MkdirAll(filepath.Dir(database), 0o750))
	must(t, c.WriteDatabase(database))
	j := l.ends(l.checks(c).ID, task.Completed)
	checks, _ := l.registry.Lookup("content.verify")
	if text := checks.Describe(j).Text; text != "content.verify.done_nothing" {
		t.Errorf("it says %s", text)
	}
}

func TestACheckSaysInItsLogWhatAFileIs(t *testing.T) {
	t.Parallel()
	l, c := newLaptop(t), channeltest.New()
	l.has(c)
	_, files := c.Wanted(c.Root)
	wrong := slices.Collect(maps.Values(files))[0]
	path := wrong.In(l.content)
	must(t, os.Chmod(path, 0o600))
	must(t, os.WriteFile(path, make([]byte, wrong.Size), 0o600))
	j := l.ends(l.checks(c).ID, task.Completed)
	lines, err := l.store.Log(t.Context(), j.Number, 10)
	must(t, err)
	if len(lines) != 1 || !strings.HasPrefix(lines[0].Message, wrong.Name()+": its bytes have the checksum ") || strings.Contains(lines[0].Message, "nil") {
		t.Errorf("of a file with other bytes it says %+v", lines)
	}
}
