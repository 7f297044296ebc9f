package content_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"

	"nectar/backend/auth"
	"nectar/backend/channel/channeltest"
	"nectar/backend/fault"
	"nectar/backend/task"
)

func (l *laptop) askUpdate(c *channeltest.Channel, from string, more ...any) (task.Job, error) {
	l.t.Helper()
	request := map[string]any{"channel_id": string(c.ID), "source": from}
	for i := 0; i < len(more); i += 2 {
		name, _ := more[i].(string)
		request[name] = more[i+1]
	}
	args, metadata, err := l.updates.Validate(l.t.Context(), auth.Program(), request)
	if err != nil {
		return task.Job{}, err
	}
	stored, err := l.Enqueue(l.t.Context(), task.NewJob{Task: l.updates, Args: args, Metadata: metadata})
	if err != nil {
		return task.Job{}, err
	}
	return stored.First(), nil
}

func (l *laptop) update(c *channeltest.Channel, from string, more ...any) task.ID {
	l.t.Helper()
	job, err := l.askUpdate(c, from, more...)
	if err != nil {
		l.t.Fatal(err)
	}
	return job.ID
}

// version answers the version of the channel that is here, and how many of its
// resources.
func (l *laptop) version(c *channeltest.Channel) (version int64, available int) {
	l.t.Helper()
	here, err := l.library.Channel(l.t.Context(), c.ID)
	if err != nil {
		l.t.Fatal(err)
	}
	return here.Version, here.AvailableResources
}

// missing answers which of the files are not here.
func (l *laptop) missing(files ...channeltest.File) (names []string) {
	l.t.Helper()
	for _, f := range files {
		if _, err := os.Stat(f.In(l.content)); errors.Is(err, fs.ErrNotExist) {
			names = append(names, f.Name())
		}
	}
	return names
}

func TestAnUpdate(t *testing.T) {
	t.Parallel()

	t.Run("brings the new files of what is here, and then the new version", func(t *testing.T) {
		t.Parallel()
		l, old, next := newLaptop(t), channeltest.New(), channeltest.Next()
		l.has(old)
		path := l.stick(next, "1234", "SANDISK")
		j := l.ends(l.update(next, path), task.Completed)
		if version, _ := l.version(next); version != next.Version {
			t.Errorf("version %d is here", version)
		}
		if missing := l.missing(next.Node(channeltest.Video).Files...); len(missing) > 0 {
			t.Errorf("the new video is not here: %v", missing)
		}
		// What is new is not fetched: people choose of it.
		if missing := l.missing(next.Node(channeltest.NewGame).Files...); len(missing) == 0 {
			t.Error("the new game is here")
		}
		// The old files stay until somebody asks to remove them.
		if missing := l.missing(old.Node(channeltest.Document).Files...); len(missing) > 0 {
			t.Errorf("files of the old version are gone: %v", missing)
		}
		var said map[string]float64
		_ = json.Unmarshal(j.Metadata, &said) // words among the numbers are no matter
		if said["new_resources"] != 1 || said["updated_resources"] != 1 || said["deleted_resources"] != 2 || said["changed_resources"] != 1 || said["unused_files"] == 0 {
			t.Errorf("it says %s", j.Metadata)
		}
		if got := resultOf(t, j); got.FilesCopied == 0 || got.FilesFailed != 0 || j.Progress != j.Total {
			t.Errorf("result is %+v at %d of %d", got, j.Progress, j.Total)
		}
		if got := l.updates.Describe(j); got.Text != "content.update.done_new" || got.Params["count"] != int64(1) {
			t.Errorf("it says %+v", got)
		}
	})

	t.Run("of a part brings nothing of the rest", func(t *testing.T) {
		t.Parallel()
		l, old, next := newLaptop(t), channeltest.New(), channeltest.Next()
		folder := t.TempDir()
		if err := old.Write(folder); err != nil {
			t.Fatal(err)
		}
		request := map[string]any{"channel_id": string(old.ID), "path": folder, "node_ids": []any{string(old.Node(channeltest.Audio).ID)}}
		args, metadata, err := l.imports.Validate(t.Context(), auth.Program(), request)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := l.Enqueue(t.Context(), task.NewJob{Task: l.imports, Args: args, Metadata: metadata})
		if err != nil {
			t.Fatal(err)
		}
		l.ends(stored.First().ID, task.Completed)
		files, _ := l.stored()
		l.ends(l.update(next, l.stick(next, "1234", "SANDISK")), task.Completed)
		after, _ := l.stored()
		if version, available := l.version(next); version != next.Version || available != 1 || len(after) != len(files) {
			t.Errorf("version %d has %d resources here; %d files became %d", version, available, len(files), len(after))
		}
	})

	t.Run("that is stopped leaves the old version as it was, and goes on from there", func(t *testing.T) {
		t.Parallel()
		l, old, next := newLaptop(t), channeltest.New(), channeltest.Next()
		l.has(old)
		_, before := l.version(old)
		path := l.stick(next, "1234", "SANDISK")
		gate := l.shut(1)
		id := l.update(next, path)
		l.reach(gate)
		if _, err := l.Cancel(t.Context(), []task.ID{id}, false); err != nil {
			t.Fatal(err)
		}
		l.ends(id, task.Canceled)
		if version, available := l.version(old); version != old.Version || available != before {
			t.Errorf("version %d is here, with %d of %d resources", version, available, before)
		}
		if missing := l.missing(old.Node(channeltest.Video).Files...); len(missing) > 0 {
			t.Errorf("gone are %v", missing)
		}
		if _, temporary := l.stored(); len(temporary) > 0 {
			t.Errorf("temporary are %v", temporary)
		}
		l.open(gate)
		if _, err := l.Restart(t.Context(), []task.ID{id}); err != nil {
			t.Fatal(err)
		}
		l.ends(id, task.Completed)
		if version, available := l.version(next); version != next.Version || available != before-1 {
			t.Errorf("version %d is here, with %d resources; there were %d", version, available, before)
		}
	})

	t.Run("removes what nothing needs any more if it is asked to, and no more", func(t *testing.T) {
		t.Parallel()
		l, old, next := newLaptop(t), channeltest.New(), channeltest.Next()
		l.has(old)
		// Another channel has the same document.
		other := channeltest.New(channeltest.Seed(4))
		other.Node(channeltest.Document).Files = old.Node(channeltest.Document).Files
		l.has(other)
		l.ends(l.update(next, l.stick(next, "1234", "SANDISK"), "remove_unused", true), task.Completed)
		if missing := l.missing(old.Node(channeltest.Video).Files[:2]...); len(missing) != 2 {
			t.Errorf("of the old video %v are gone", missing)
		}
		stays := append(old.Node(channeltest.Document).Files, next.Node(channeltest.RenamedAudio).Files...) //nolint:gocritic // a list of its own
		if missing := l.missing(stays...); len(missing) > 0 {
			t.Errorf("gone are %v", missing)
		}
		here, err := l.library.Here(t.Context())
		if err != nil || here(old.Node(channeltest.Video).Files[0].Checksum) {
			t.Errorf("a removed file counts as here, %v", err)
		}
	})

	t.Run("names what the source lacks, and brings that alone when it is asked again", func(t *testing.T) {
		t.Parallel()
		l, old, next := newLaptop(t), channeltest.New(), channeltest.Next()
		l.has(old)
		path := l.stick(next, "1234", "SANDISK")
		lacks := next.Node(channeltest.Video).Files[0]
		at := lacks.In(channeltest.ContentIn(path))
		if err := os.Rename(at, at+" aside"); err != nil {
			t.Fatal(err)
		}
		id := l.update(next, path)
		if j := l.ends(id, task.Completed); j.Problems != 1 {
			t.Errorf("there are %d problems", j.Problems)
		}
		if err := os.Rename(at+" aside", at); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Do(t.Context(), task.RetryProblems, id); err != nil {
			t.Fatal(err)
		}
		j := l.until(id, "is done again", func(j task.Job) bool { return j.Attempts == 2 && j.State.Resting() })
		if missing := l.missing(lacks); len(missing) > 0 || j.State != task.Completed || j.Problems != 0 || resultOf(t, j).FilesCopied != 1 {
			t.Errorf("it ends %v with %d problems, %s; not here are %v", j.State, j.Problems, j.Result, missing)
		}
	})

	t.Run("to the same version says that it is here", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		l.has(c)
		waits, err := l.askUpdate(c, l.stick(c, "1234", "SANDISK"))
		if err != nil {
			t.Fatal(err)
		}
		if got := l.updates.Describe(waits); got.Title != "content.update.title_stopped" || got.Params["version"] != c.Version {
			t.Errorf("before it runs it says %+v", got)
		}
		j := l.ends(waits.ID, task.Completed)
		if got := l.updates.Describe(j); got.Text != "content.update.done_nothing" || got.Params["version"] != c.Version {
			t.Errorf("it says %+v", got)
		}
	})

	t.Run("to an older version is refused, also when it comes to the drive later", func(t *testing.T) {
		t.Parallel()
		l, c, older := newLaptop(t), channeltest.New(channeltest.Version(5)), channeltest.New(channeltest.Version(2))
		l.has(c)
		path := l.stick(older, "1234", "SANDISK")
		if _, err := l.askUpdate(c, path); fault.CodeOf(err) != fault.OlderVersion {
			t.Errorf("it says %v", err)
		}
		if err := c.WriteDatabase(c.ID.DatabaseIn(channeltest.ContentIn(path))); err != nil {
			t.Fatal(err)
		}
		if err := l.PauseQueue(t.Context(), "content"); err != nil {
			t.Fatal(err)
		}
		id := l.update(c, path)
		if err := older.WriteDatabase(c.ID.DatabaseIn(channeltest.ContentIn(path))); err != nil {
			t.Fatal(err)
		}
		if err := l.ResumeQueue(t.Context(), "content"); err != nil {
			t.Fatal(err)
		}
		if j := l.ends(id, task.Failed); j.Failure.Code != fault.OlderVersion {
			t.Errorf("it says %+v", j.Failure)
		}
		if version, _ := l.version(c); version != 5 {
			t.Errorf("version %d is here", version)
		}
	})

	t.Run("of a channel that is not here, or from nowhere, is refused", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		path := l.stick(c, "1234", "SANDISK")
		for what, asked := range map[string]*channeltest.Channel{"is at the source": c, "is nowhere": channeltest.New(channeltest.Seed(9))} {
			if _, err := l.askUpdate(asked, path); fault.CodeOf(err) != fault.ChannelNotHere {
				t.Errorf("of one that %s it says %v", what, err)
			}
		}
		_, _, err := l.updates.Validate(t.Context(), auth.Program(), map[string]any{"channel_id": string(c.ID), "source": "a/folder"})
		if f := fault.Of(err); len(f.Fields) != 1 || f.Fields[0].Field != "source" {
			t.Errorf("it says %v", err)
		}
	})
}

func TestAnImportMeetsAnotherVersion(t *testing.T) {
	t.Parallel()

	t.Run("one that came to the drive after the import was asked for: that one comes, whole", func(t *testing.T) {
		t.Parallel()
		l, old, next := newLaptop(t), channeltest.New(), channeltest.Next()
		path := l.stick(old, "1234", "SANDISK")
		id := l.holding(func() task.ID { return l.enqueue(old, path) }, func() {
			if err := next.Write(path); err != nil {
				t.Fatal(err)
			}
		})
		l.ends(id, task.Completed)
		resources, _ := next.Totals()
		if version, available := l.version(next); version != next.Version || available != resources {
			t.Errorf("version %d is here, with %d of %d resources", version, available, resources)
		}
		l.whole(next)
	})

	t.Run("a newer one: nothing that is here is lost by it, not even when it is stopped", func(t *testing.T) {
		t.Parallel()
		l, old, next := newLaptop(t), channeltest.New(), channeltest.Next()
		l.has(old)
		_, before := l.version(old)
		path := l.stick(next, "1234", "SANDISK")
		gate := l.shut(1)
		id := l.enqueue(next, path)
		l.reach(gate)
		if _, err := l.Cancel(t.Context(), []task.ID{id}, false); err != nil {
			t.Fatal(err)
		}
		l.ends(id, task.Canceled)
		if version, available := l.version(old); version != old.Version || available != before {
			t.Errorf("version %d is here, with %d of %d resources", version, available, before)
		}
		l.open(gate)
		if _, err := l.Restart(t.Context(), []task.ID{id}); err != nil {
			t.Fatal(err)
		}
		l.ends(id, task.Completed)
		resources, _ := next.Totals()
		if version, available := l.version(next); version != next.Version || available != resources {
			t.Errorf("version %d is here, with %d of %d resources", version, available, resources)
		}
	})

	t.Run("an older one: the newer one stays, and that is said", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New(channeltest.Version(5))
		l.has(c)
		older := channeltest.New(channeltest.Version(2))
		j := l.ends(l.enqueue(older, l.stick(older, "1234", "SANDISK")), task.Completed)
		if version, _ := l.version(c); version != 5 {
			t.Errorf("version %d is here", version)
		}
		if got := l.imports.Describe(j); got.Text != "content.import.done_older" || got.Params["version"] != int64(5) {
			t.Errorf("it says %+v", got)
		}
	})

	t.Run("the same one: it says that everything is here", func(t *testing.T) {
		t.Parallel()
		l, c := newLaptop(t), channeltest.New()
		l.has(c)
		j := l.ends(l.enqueue(c, l.stick(c, "1234", "SANDISK")), task.Completed)
		if got := l.imports.Describe(j); got.Text != "content.import.done_nothing" {
			t.Errorf("it says %+v", got)
		}
	})
}

func TestTheExtrasOfAnImport(t *testing.T) {
	t.Parallel()
	imported := func(t *testing.T, state task.State, damage []channeltest.Damage, more ...any) (*laptop, *channeltest.Channel, task.Job) {
		t.Helper()
		l, c := newLaptop(t), channeltest.New()
		path := l.stick(c, "1234", "SANDISK")
		channeltest.Break(t, c, path, damage...)
		request := map[string]any{"channel_id": string(c.ID), "path": path}
		for i := 0; i < len(more); i += 2 {
			name, _ := more[i].(string)
			request[name] = more[i+1]
		}
		args, metadata, err := l.imports.Validate(t.Context(), auth.Program(), request)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := l.Enqueue(t.Context(), task.NewJob{Task: l.imports, Args: args, Metadata: metadata})
		if err != nil {
			t.Fatal(err)
		}
		return l, c, l.ends(stored.First().ID, state)
	}

	t.Run("the list alone brings the database and no file", func(t *testing.T) {
		t.Parallel()
		l, c, j := imported(t, task.Completed, nil, "metadata_only", true)
		files, _ := l.stored()
		if version, available := l.version(c); version != c.Version || available != 0 || len(files) != 0 {
			t.Errorf("version %d is here with %d resources and %v", version, available, files)
		}
		if got := l.imports.Describe(j); got.Text != "content.import.done_metadata" {
			t.Errorf("it says %+v", got)
		}
	})

	t.Run("all files brings also what no viewer shows", func(t *testing.T) {
		t.Parallel()
		l, c, _ := imported(t, task.Completed, nil, "renderable_only", false)
		if missing := l.missing(c.Node(channeltest.Zim).Files...); len(missing) > 0 {
			t.Errorf("not here: %v", missing)
		}
	})

	t.Run("without it that is left out", func(t *testing.T) {
		t.Parallel()
		l, c, _ := imported(t, task.Completed, nil)
		if missing := l.missing(c.Node(channeltest.Zim).Files...); len(missing) == 0 {
			t.Error("it is here")
		}
	})

	t.Run("to fail on any error fails when a file is missing, with what came kept", func(t *testing.T) {
		t.Parallel()
		damage := func(c *channeltest.Channel, content string) error {
			return os.Remove(c.Node(channeltest.Audio).Files[0].In(content))
		}
		l, c, j := imported(t, task.Failed, []channeltest.Damage{damage}, "fail_on_error", true)
		if j.Failure.Code != fault.ItemsFailed || j.Problems != 1 {
			t.Errorf("it says %+v with %d problems", j.Failure, j.Problems)
		}
		if missing := l.missing(c.Node(channeltest.Video).Files...); len(missing) > 0 {
			t.Errorf("not here: %v", missing)
		}
	})
}
