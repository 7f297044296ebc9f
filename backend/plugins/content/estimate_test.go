package content_test

import (
	"testing"
	"time"

	"nectar/backend/auth"
	"nectar/backend/channel/channeltest"
	"nectar/backend/fault"
	"nectar/backend/task"
)

func TestAnImportSaysHowMuchRoomItWillTake(t *testing.T) {
	t.Parallel()
	l, c := newLaptop(t), channeltest.New()
	path := l.stick(c, "1234", "SANDISK")
	needs := func(more ...any) any {
		t.Helper()
		request := map[string]any{"channel_id": string(c.ID), "path": path}
		for i := 0; i < len(more); i += 2 {
			name, _ := more[i].(string)
			request[name] = more[i+1]
		}
		_, metadata, err := l.imports.Validate(t.Context(), auth.Program(), request)
		if err != nil {
			t.Fatal(err)
		}
		return metadata["needed_bytes"]
	}
	if got, want := needs(), room(c, c.Root); got != want {
		t.Errorf("the whole channel takes %v, want %d", got, want)
	}
	song := c.Node(channeltest.Audio)
	if got, want := needs("node_ids", []any{string(song.ID)}), room(c, song); got != want {
		t.Errorf("a part takes %v, want %d", got, want)
	}
	if got := needs("metadata_only", true); got != nil {
		t.Errorf("the list alone takes %v", got)
	}
	l.has(c)
	if got := needs(); got != int64(0) {
		t.Errorf("what is here already takes %v", got)
	}
}

func TestAnImportThatCannotFitIsRefused(t *testing.T) {
	t.Parallel()
	setUp := func(t *testing.T) (l *laptop, c *channeltest.Channel, path string) {
		t.Helper()
		l, c = newLaptop(t), channeltest.New()
		return l, c, l.stick(c, "1234", "SANDISK")
	}
	refused := func(t *testing.T, l *laptop, c *channeltest.Channel, path string, free int64) {
		t.Helper()
		_, err := l.ask(c, path)
		if f := fault.Of(err); f.Code != fault.DiskFull || f.Params["needed"] != room(c, c.Root) || f.Params["free"] != free || f.Params["path"] != l.content {
			t.Errorf("it says %v", err)
		}
	}
	t.Run("when its files alone are too much, to the last byte", func(t *testing.T) {
		t.Parallel()
		l, c, path := setUp(t)
		l.free.Store(room(c, c.Root) - 1)
		refused(t, l, c, path, room(c, c.Root)-1)
		if jobs, err := l.unfinished(t.Context()); err != nil || len(jobs) != 0 {
			t.Errorf("it is stored: %v, %v", jobs, err)
		}
		l.free.Store(room(c, c.Root))
		l.ends(l.enqueue(c, path), task.Completed)
	})
	t.Run("when it is too much beside what waits already", func(t *testing.T) {
		t.Parallel()
		l, c, path := setUp(t)
		other := channeltest.New(channeltest.Seed(5))
		more := l.stick(other, "5678", "KINGSTON")
		l.free.Store(room(c, c.Root) + room(other, other.Root) - 1)
		first := l.holding(func() task.ID {
			first := l.enqueue(other, more)
			refused(t, l, c, path, room(c, c.Root)-1)
			return first
		}, func() { l.free.Store(1 << 40) })
		l.ends(first, task.Completed)
	})
	t.Run("when it is too much beside what the same call asks for", func(t *testing.T) {
		t.Parallel()
		l, c, path := setUp(t)
		other := channeltest.New(channeltest.Seed(5))
		more := l.stick(other, "5678", "KINGSTON")
		l.free.Store(room(c, c.Root) + room(other, other.Root) - 1)
		args, metadata, err := l.imports.Validate(t.Context(), auth.Program(), map[string]any{"channel_id": string(other.ID), "path": more})
		if err != nil {
			t.Fatal(err)
		}
		first, err := task.NewJob{Task: l.imports, Args: args, Metadata: metadata}.Draft()
		if err != nil {
			t.Fatal(err)
		}
		second := map[string]any{"channel_id": string(c.ID), "path": path}
		_, _, err = l.imports.ValidateAsked(t.Context(), task.Asked{Person: auth.Program(), Beside: []task.Job{first}}, second)
		if f := fault.Of(err); f.Code != fault.DiskFull || f.Params["needed"] != room(c, c.Root) || f.Params["free"] != room(c, c.Root)-1 {
			t.Errorf("it says %v", err)
		}
		l.ends(l.enqueue(c, path), task.Completed) // alone it fits
	})
	t.Run("when an update is too much", func(t *testing.T) {
		t.Parallel()
		l, old, next := newLaptop(t), channeltest.New(), channeltest.Next()
		l.has(old)
		path := l.stick(next, "1234", "SANDISK")
		l.free.Store(1)
		_, err := l.askUpdate(next, path)
		f := fault.Of(err)
		needed, _ := f.Params["needed"].(int64)
		if f.Code != fault.DiskFull || needed <= 1 || f.Params["free"] != int64(1) {
			t.Fatalf("it says %v", err)
		}
		l.free.Store(needed) // and to the last byte it is not
		j := l.ends(l.update(next, path), task.Completed)
		if got := result(t, j); got.Copied == 0 || got.Failed != 0 {
			t.Errorf("the result is %+v", got)
		}
	})
	t.Run("but one that is to begin later is warned of, and judged when it runs", func(t *testing.T) {
		t.Parallel()
		l, c, path := setUp(t)
		l.free.Store(room(c, c.Root) - 1)
		request := map[string]any{"channel_id": string(c.ID), "path": path}
		tonight := task.When{At: time.Now().Add(12 * time.Hour)}
		args, metadata, err := l.imports.ValidateAsked(t.Context(), task.Asked{Person: auth.Program(), When: tonight}, request)
		if err != nil {
			t.Fatal(err)
		}
		stored, err := l.Enqueue(t.Context(), task.NewJob{Task: l.imports, Args: args, Metadata: metadata, When: &tonight})
		if err != nil {
			t.Fatal(err)
		}
		job := stored.First()
		if got := l.imports.Describe(job); got.Text != "content.lacking" || got.Params["size"] != int64(1) {
			t.Errorf("it says %+v", got)
		}
		if _, err := l.Do(t.Context(), task.RunNow, job.ID); err != nil {
			t.Fatal(err)
		}
		if j := l.ends(job.ID, task.Failed); j.Failure.Code != fault.DiskFull {
			t.Errorf("it ends with %+v", j.Failure)
		}
		l.free.Store(room(c, c.Root))
		if _, err := l.Do(t.Context(), task.Restart, job.ID); err != nil {
			t.Fatal(err)
		}
		l.ends(job.ID, task.Completed)
	})
	t.Run("but not for what lies there already, though nobody remembers it", func(t *testing.T) {
		t.Parallel()
		l, c, path := setUp(t)
		if err := c.WriteContent(l.content); err != nil {
			t.Fatal(err)
		}
		l.free.Store(room(c, c.Root) - 1)
		_, wanted := c.Wanted(c.Root)
		if got := result(t, l.ends(l.enqueue(c, path), task.Completed)); got.Present+got.Copied != len(wanted) || got.Copied > 1 {
			t.Errorf("the result is %+v", got)
		}
	})
	t.Run("and not for what a server says of its size: that may be less", func(t *testing.T) {
		t.Parallel()
		l, s := newLaptop(t), serve(t)
		l.free.Store(1000)
		if j := l.ends(l.enqueueRemote(s, nil), task.Failed); j.Failure.Code != fault.DiskFull {
			t.Errorf("it ends with %+v", j.Failure)
		}
	})
}

// room answers what the files of a node and all below it take on a disk.
func room(c *channeltest.Channel, below *channeltest.Node) int64 {
	_, files := c.Wanted(below)
	var sum int64
	for _, f := range files {
		sum += (f.Size + 4095) / 4096 * 4096
	}
	return sum
}
