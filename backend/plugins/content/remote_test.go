package content_test

import (
	"context"
	"crypto/md5"
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/server"
	"nectar/backend/channel/source/servertest"
	"nectar/backend/fault"
	"nectar/backend/task"
)

func (l *laptop) openAt(ctx context.Context, reference string) (source.Source, error) {
	if server.IsAddress(reference) {
		return l.servers.Open(ctx, reference)
	}
	return l.disks.Open(reference)
}

// reachServer opens a server where it was, if it is the same.
func (l *laptop) reachServer(ctx context.Context, address, id string) (source.Source, error) {
	there, err := l.servers.Open(ctx, address)
	if err == nil && id != "" && there.Info().ID != id {
		return nil, fault.New(fault.SourceGone, "path", address)
	}
	return there, err
}

// watchServers looks again and again, as a server tells nobody that it is back.
func (l *laptop) watchServers(ctx context.Context, changed func()) {
	changed()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			changed()
		case <-ctx.Done():
			return
		}
	}
}

// served is a server with one channel, whose largest file is big.
type served struct {
	*servertest.Server

	t       *testing.T
	channel *channeltest.Channel
	content string
	big     channeltest.File
}

func serve(t *testing.T, options ...servertest.Option) *served {
	t.Helper()
	s := &served{t: t, channel: channeltest.New(channeltest.FileSize(200_000), channeltest.Name("Blockly Games")), content: t.TempDir()}
	if err := s.channel.WriteContent(s.content); err != nil {
		t.Fatal(err)
	}
	s.big = s.channel.Node(channeltest.Video).Files[0]
	s.Server = servertest.Start(t, s.content, options...)
	return s
}

// back starts the server anew at its address.
func (s *served) back(t *testing.T) {
	t.Helper()
	s.Server = servertest.StartAt(t, s.Address(), s.content)
}

func (l *laptop) askRemote(c *channeltest.Channel, url string, more map[string]any) (task.Job, error) {
	l.t.Helper()
	request := map[string]any{"channel_id": string(c.ID), "url": url}
	maps.Copy(request, more)
	args, metadata, err := l.remote.Validate(l.t.Context(), auth.Program(), request)
	if err != nil {
		return task.Job{}, err
	}
	stored, err := l.Enqueue(l.t.Context(), task.NewJob{Task: l.remote, Args: args, Metadata: metadata})
	if err != nil {
		return task.Job{}, err
	}
	return stored.First(), nil
}

func (l *laptop) enqueueRemote(s *served, more map[string]any) task.ID {
	l.t.Helper()
	job, err := l.askRemote(s.channel, s.URL, more)
	if err != nil {
		l.t.Fatal(err)
	}
	return job.ID
}

// holds waits until there is a file of the size.
func (l *laptop) holds(pattern string, size int64) {
	l.t.Helper()
	deadline := time.Now().Add(patience)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for time.Now().Before(deadline) {
		if found, _ := filepath.Glob(pattern); len(found) == 1 {
			if info, err := os.Stat(found[0]); err == nil && info.Size() == size {
				return
			}
		}
		<-look.C
	}
	l.t.Fatalf("no file at %s has %d bytes", pattern, size)
}

func result(t *testing.T, j task.Job) (got struct {
	Copied  int   `json:"files_copied"`
	Bytes   int64 `json:"bytes_copied"`
	Present int   `json:"files_present"`
	Failed  int   `json:"files_failed"`
	Added   int   `json:"resources_added"`
},
) {
	t.Helper()
	if err := json.Unmarshal(j.Result, &got); err != nil {
		t.Fatalf("the result is %s: %v", j.Result, err)
	}
	return got
}

// isExact checks that the progress ends at the whole and at nothing else.
func isExact(t *testing.T, j task.Job, size int64) {
	t.Helper()
	if j.Progress != size || j.Total != size {
		t.Errorf("the progress ends at %d of %d, want %d", j.Progress, j.Total, size)
	}
}

func TestAChannelComesFromAServer(t *testing.T) {
	t.Parallel()
	l, s := newLaptop(t), serve(t, servertest.Named("Room 3"))
	id := l.enqueueRemote(s, nil)
	j := l.ends(id, task.Completed)
	l.whole(s.channel)
	resources, size := s.channel.Totals()
	isExact(t, j, size)
	_, files := s.channel.Wanted(s.channel.Root)
	if got := result(t, j); got.Copied != len(files) || got.Bytes != size || got.Failed != 0 || got.Added != resources {
		t.Errorf("the result is %+v", got)
	}
	theirs, err := os.ReadFile(s.channel.ID.DatabaseIn(s.content))
	if err != nil {
		t.Fatal(err)
	}
	if ours, err := os.ReadFile(s.channel.ID.DatabaseIn(l.content)); err != nil || md5.Sum(ours) != md5.Sum(theirs) {
		t.Errorf("the database is another: %v", err)
	}
	for _, f := range files {
		if asked := s.Requests(f.Name()); len(asked) != 1 {
			t.Errorf("%s was asked for %d times", f.Name(), len(asked))
		}
	}
	var metadata map[string]any
	if err := json.Unmarshal(j.Metadata, &metadata); err != nil || metadata["source_name"] != "Room 3" || metadata["source_kind"] != "server" || metadata["channel_name"] != "Blockly Games" {
		t.Errorf("people see %v, %v", metadata, err)
	}

	t.Run("and nothing comes twice", func(t *testing.T) {
		before := len(s.Requests("/storage/"))
		again := l.ends(l.enqueueRemote(s, nil), task.Completed)
		if got := result(t, again); got.Copied != 0 || got.Present != len(files) || len(s.Requests("/storage/")) != before {
			t.Errorf("the result is %+v", got)
		}
	})
}

func TestStudioServesTheSame(t *testing.T) {
	t.Parallel()
	l, s := newLaptop(t), serve(t, servertest.Studio(nil))
	l.servers = server.NewClient(server.Config{Studio: s.URL})
	job, err := l.askRemote(s.channel, "studio", nil)
	if err != nil {
		t.Fatal(err)
	}
	l.ends(job.ID, task.Completed)
	l.whole(s.channel)
}

func TestAPartOfAChannelComesFromAServer(t *testing.T) {
	t.Parallel()
	l, s := newLaptop(t), serve(t)
	video := s.channel.Node(channeltest.Video)
	_, files := s.channel.Wanted(video)
	j := l.ends(l.enqueueRemote(s, map[string]any{"metadata_only": true}), task.Completed)
	if stored, _ := l.stored(); len(stored) != 0 {
		t.Errorf("with the list of contents alone came %v: %+v", stored, j)
	}
	l.ends(l.enqueueRemote(s, map[string]any{"node_ids": []any{string(video.ID)}}), task.Completed)
	if stored, _ := l.stored(); len(stored) != len(files) {
		t.Errorf("of one resource came %d files, want %d", len(stored), len(files))
	}
}

func TestAServerThatGoesAwayIsWaitedFor(t *testing.T) {
	t.Parallel()
	l, s := newLaptop(t), serve(t)
	const stop = 150_000
	s.Fail(s.big.Name(), servertest.Always, servertest.Stall(stop))
	id := l.enqueueRemote(s, nil)
	partial := s.big.In(l.content) + ".partial"
	l.holds(partial, stop)
	need := s.need(l)
	s.Stop()
	waiting := l.waits(id, need)
	if waiting.Retries != 0 || waiting.Failure != nil {
		t.Errorf("waiting counts as a failure: %+v", waiting)
	}
	s.back(t)
	j := l.ends(id, task.Completed)
	l.whole(s.channel)
	_, size := s.channel.Totals()
	isExact(t, j, size)
	if asked := s.Requests(s.big.Name()); len(asked) != 1 || asked[0].Range != "bytes=150000-" {
		t.Errorf("of the file was asked %+v", asked)
	}
	if outcomes := l.outcomes(j); !slices.Equal(outcomes, []task.Outcome{task.OutcomeWaiting, task.OutcomeCompleted}) {
		t.Errorf("the attempts ended %v", outcomes)
	}
}

func TestAPausedImportGoesOnFromTheByteAndACancelledOneLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(*laptop, task.ID) error{
		"paused":    func(l *laptop, id task.ID) error { _, err := l.Pause(l.t.Context(), []task.ID{id}); return err },
		"cancelled": func(l *laptop, id task.ID) error { _, err := l.Cancel(l.t.Context(), []task.ID{id}, false); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, s := newLaptop(t), serve(t)
			s.Fail(s.big.Name(), 1, servertest.Stall(70_000))
			id := l.enqueueRemote(s, nil)
			partial := s.big.In(l.content) + ".partial"
			l.holds(partial, 70_000)
			if err := stop(l, id); err != nil {
				t.Fatal(err)
			}
			l.until(id, "stops", func(j task.Job) bool { return j.State == task.Paused || j.State.Resting() })
			left, err := os.Stat(partial)
			if name == "cancelled" {
				if err == nil {
					t.Errorf("a part of %d bytes is left", left.Size())
				}
				return
			}
			if err != nil || left.Size() != 70_000 {
				t.Fatalf("the part is gone: %v", err)
			}
			if _, err := l.Resume(t.Context(), []task.ID{id}); err != nil {
				t.Fatal(err)
			}
			l.ends(id, task.Completed)
			l.whole(s.channel)
			if asked := s.Requests(s.big.Name()); len(asked) != 2 || asked[1].Range != "bytes=70000-" {
				t.Errorf("of the file was asked %+v", asked)
			}
		})
	}
}

func TestWrongBytesAreFetchedOnceMore(t *testing.T) {
	t.Parallel()
	t.Run("and right ones are kept", func(t *testing.T) {
		t.Parallel()
		l, s := newLaptop(t), serve(t)
		s.Fail(s.big.Name(), 1, servertest.WrongBytes())
		j := l.ends(l.enqueueRemote(s, nil), task.Completed)
		l.whole(s.channel)
		if j.Problems != 0 {
			t.Errorf("it has %d problems", j.Problems)
		}
	})
	t.Run("and a part that was wrong is forgotten", func(t *testing.T) {
		t.Parallel()
		l, s := newLaptop(t), serve(t)
		partial := s.big.In(l.content) + ".partial"
		if err := os.MkdirAll(filepath.Dir(partial), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(partial, make([]byte, 1000), 0o600); err != nil {
			t.Fatal(err)
		}
		s.Fail(s.big.Name(), 1, func(w http.ResponseWriter, r *http.Request, right http.Handler, _ <-chan struct{}) {
			right.ServeHTTP(w, r)
		})
		s.Fail(s.big.Name(), 1, servertest.WrongBytes())
		j := l.ends(l.enqueueRemote(s, nil), task.Completed)
		l.whole(s.channel)
		_, size := s.channel.Totals()
		isExact(t, j, size)
		var ranges []string
		for _, asked := range s.Requests(s.big.Name()) {
			ranges = append(ranges, asked.Range)
		}
		if diff := cmp.Diff([]string{"bytes=1000-", "", ""}, ranges); diff != "" {
			t.Errorf("asked for (-want +got):\n%s", diff)
		}
	})
	for name, c := range map[string]struct {
		fault servertest.Fault
		want  fault.Code
	}{
		"and wrong ones again are a problem":             {servertest.WrongBytes(), fault.FileDamaged},
		"as is a file that is too short":                 {servertest.Truncated(10), fault.FileDamaged},
		"as is one that is too long":                     {servertest.Longer(10), fault.FileDamaged},
		"as is one that never ends":                      {servertest.Endless(), fault.FileDamaged},
		"as is one that is not there":                    {servertest.Status(http.StatusNotFound), fault.FileMissing},
		"as is one that is not for us":                   {servertest.Status(http.StatusForbidden), fault.FileNotServed},
		"as is one that never comes while the others do": {servertest.Status(http.StatusInternalServerError), fault.FileNotServed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, s := newLaptop(t), serve(t)
			s.Fail(s.big.Name(), servertest.Always, c.fault)
			j := l.ends(l.enqueueRemote(s, nil), task.Completed)
			problems, err := l.store.Problems(t.Context(), j.Number, j.Attempts, 10)
			if err != nil || len(problems) != 1 || problems[0].Code != c.want || problems[0].Item != s.big.Name() {
				t.Errorf("the problems are %+v, %v", problems, err)
			}
			_, size := s.channel.Totals()
			isExact(t, j, size)
			if _, temporary := l.stored(); len(temporary) != 0 {
				t.Errorf("it leaves %v", temporary)
			}
			if got := result(t, j); got.Failed != 1 {
				t.Errorf("the result is %+v", got)
			}
			s.Recover()
			if _, err := l.Restart(t.Context(), []task.ID{j.ID}); err != nil {
				t.Fatal(err)
			}
			l.ends(j.ID, task.Completed)
			l.whole(s.channel)
		})
	}
}

func TestADatabaseOfAServerIsCheckedBeforeItTakesItsPlace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault servertest.Fault
		times int
		want  fault.Code // "" for a job that completes
	}{
		"a garbled one is fetched again":       {servertest.WrongBytes(), 1, ""},
		"one that breaks off is gone on with":  {servertest.Reset(5000), 2, ""},
		"one without its end is fetched again": {servertest.Truncated(50_000), 1, ""},
		"a page is refused":                    {servertest.Nonsense(), servertest.Always, fault.NotADatabase},
		"one without its end is refused":       {servertest.Truncated(50_000), servertest.Always, fault.DatabaseDamaged},
		"one that is not there":                {servertest.Status(http.StatusNotFound), servertest.Always, fault.ChannelMissing},
		"one that never comes":                 {servertest.Status(http.StatusBadGateway), servertest.Always, fault.ServerBusy},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, s := newLaptop(t), serve(t)
			s.Fail("/databases/", c.times, c.fault)
			id := l.enqueueRemote(s, nil)
			j := l.until(id, "ends", func(j task.Job) bool { return j.State.Resting() })
			var code fault.Code
			if j.Failure != nil {
				code = j.Failure.Code
			}
			if code != c.want {
				t.Fatalf("it ends with %+v, want %s", j.Failure, c.want)
			}
			if c.want == "" {
				l.whole(s.channel)
			}
			entries, err := os.ReadDir(filepath.Join(l.content, "databases"))
			if err != nil {
				t.Fatal(err)
			}
			if len(entries) > 1 || (len(entries) == 1) != (c.want == "") {
				t.Errorf("the folder of databases holds %v", entries)
			}
		})
	}
}

func TestADatabaseIsGoneOnWithByTheNextAttempt(t *testing.T) {
	t.Parallel()
	l, s := newLaptop(t), serve(t)
	s.Fail("/databases/", servertest.Always, servertest.Stall(9000))
	id := l.enqueueRemote(s, nil)
	l.holds(filepath.Join(l.content, "databases", "*.partial"), 9000)
	need := s.need(l)
	s.Stop()
	l.waits(id, need)
	s.back(t)
	l.ends(id, task.Completed)
	l.whole(s.channel)
	asked := slices.DeleteFunc(s.Requests("/databases/"), func(r servertest.Request) bool { return r.Method == http.MethodHead })
	if len(asked) != 1 || asked[0].Range != "bytes=9000-" {
		t.Errorf("of the database was asked %+v", asked)
	}
}

func TestARequestForAServerIsChecked(t *testing.T) {
	t.Parallel()
	l, s := newLaptop(t), serve(t)

	t.Run("every wrong field is named at once", func(t *testing.T) {
		t.Parallel()
		_, _, err := l.remote.Validate(t.Context(), auth.Program(), map[string]any{
			"channel_id": strings.Repeat("x", 32), "url": "/media/usb", "node_ids": []any{"one"},
		})
		var got []string
		for _, f := range fault.Of(err).Fields {
			got = append(got, f.Field)
		}
		slices.Sort(got)
		if diff := cmp.Diff([]string{"channel_id", "node_ids", "url"}, got); diff != "" {
			t.Errorf("fields (-want +got):\n%s", diff)
		}
	})
	t.Run("however the server is named, its own address is kept", func(t *testing.T) {
		t.Parallel()
		for _, url := range []string{s.URL, s.Address(), s.URL + "/en/learn/"} {
			args, _, err := l.remote.Validate(t.Context(), auth.Program(), map[string]any{"channel_id": string(s.channel.ID), "url": url})
			var got struct {
				URL    string    `json:"url"`
				Server serverArg `json:"server"`
			}
			if err != nil || json.Unmarshal(args, &got) != nil || got.URL != s.URL || got.Server.ID == "" {
				t.Errorf("%s: the arguments are %s, %v", url, args, err)
			}
		}
	})
	t.Run("what is not there is refused", func(t *testing.T) {
		t.Parallel()
		gone, hotel := serve(t), serve(t)
		gone.Stop()
		hotel.Fail("info", servertest.Always, servertest.Nonsense())
		for url, want := range map[string]fault.Code{
			gone.URL: fault.SourceMissing, hotel.URL: fault.NotKolibri,
		} {
			if _, err := l.askRemote(s.channel, url, nil); fault.CodeOf(err) != want {
				t.Errorf("%s: %v, want %s", url, err, want)
			}
		}
		if _, err := l.askRemote(channeltest.New(channeltest.Seed(9)), s.URL, nil); fault.CodeOf(err) != fault.ChannelMissing {
			t.Errorf("another channel: %v", err)
		}
	})
	t.Run("a server that was seen there before is waited for, and for all that it was seen to have", func(t *testing.T) {
		t.Parallel()
		const other = channel.ID("5555555555555555555555555555ffff")
		seen := serve(t)
		if err := l.library.RememberSource(t.Context(), seen.URL, seen.info(l), []source.Listing{{Metadata: channel.Metadata{ID: other, Name: "Bees"}}}); err != nil {
			t.Fatal(err)
		}
		l.ends(l.enqueueRemote(seen, map[string]any{"metadata_only": true}), task.Completed)
		need := seen.need(l)
		seen.Stop()
		if known, _, err := l.library.SourceAt(t.Context(), seen.URL); err != nil || known.Channels[other] != "Bees" || len(known.Channels) != 2 {
			t.Errorf("it is known to have %v, %v", known.Channels, err)
		}
		id := l.enqueueRemote(seen, nil)
		l.waits(id, need)
		seen.back(t)
		l.ends(id, task.Completed)
	})
}

// need is what a job waits for that needs the server.
func (s *served) need(l *laptop) task.Need {
	s.t.Helper()
	return task.Need{Code: task.NeedServer, Item: "library", Key: s.URL + "#" + s.info(l).ID}
}

// info answers what the server says of itself.
func (s *served) info(l *laptop) source.Info {
	s.t.Helper()
	opened, err := l.servers.Open(s.t.Context(), s.URL)
	if err != nil {
		s.t.Fatal(err)
	}
	return opened.Info()
}

// serverArg is what the arguments say of the server.
type serverArg struct {
	ID string `json:"id"`
}

func TestTheProgressNeverGoesBackOrBeyondTheWhole(t *testing.T) {
	t.Parallel()
	l, s := newLaptop(t), serve(t)
	s.Fail(s.big.Name(), 3, servertest.Reset(30_000))
	s.Fail(s.big.Name(), 1, servertest.WrongBytes())
	var mu sync.Mutex
	var seen []int64
	news := l.Subscribe()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for range news.News() {
			for _, live := range news.Take() {
				mu.Lock()
				if live.Total > 0 {
					seen = append(seen, live.Progress)
				}
				if live.Progress > live.Total && live.Total > 0 {
					t.Errorf("%d of %d", live.Progress, live.Total)
				}
				mu.Unlock()
				if live.State.Resting() {
					return
				}
			}
		}
	}()
	l.ends(l.enqueueRemote(s, nil), task.Completed)
	<-watched
	news.Close()
	mu.Lock()
	defer mu.Unlock()
	if !slices.IsSorted(seen) {
		t.Errorf("it went back: %v", seen)
	}
}
