package content_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source/servertest"
	"nectar/backend/task"
)

// databases answers how often the bytes of a database were asked for.
func (s *served) databases() (times int) {
	for _, asked := range s.Requests("/databases/") {
		if asked.Method == http.MethodGet {
			times++
		}
	}
	return times
}

// becomes lets the server have the next version of its channel.
func (s *served) becomes(t *testing.T, next *channeltest.Channel) {
	t.Helper()
	must(t, next.WriteContent(s.content))
	later := time.Now().Add(time.Minute) // a tag knows seconds only
	must(t, os.Chtimes(next.ID.DatabaseIn(s.content), later, later))
}

// ages has the server's database be as it is for an hour.
func (s *served) ages(t *testing.T) {
	t.Helper()
	before := time.Now().Add(-time.Hour)
	must(t, os.Chtimes(s.channel.ID.DatabaseIn(s.content), before, before))
}

// saysTimesAlone has the server say of its database, which is an hour old, when it was
// changed, and no tag.
func (s *served) saysTimesAlone(t *testing.T) {
	t.Helper()
	s.ages(t)
	s.Fail("/databases/", servertest.Always, servertest.Saying(func(h http.Header) { h.Del("Etag") }))
}

func TestADatabaseThatIsKnownIsNotFetchedAgain(t *testing.T) {
	t.Parallel()
	next := func() *channeltest.Channel {
		return channeltest.Next(channeltest.FileSize(200_000), channeltest.Name("Blockly Games"))
	}

	t.Run("by an import that has nothing to do", func(t *testing.T) {
		t.Parallel()
		l, s := newLaptop(t), serve(t)
		l.ends(l.enqueueRemote(s, nil), task.Completed)
		j := l.ends(l.enqueueRemote(s, nil), task.Completed)
		l.whole(s.channel)
		if times := s.databases(); times != 1 {
			t.Errorf("it was fetched %d times", times)
		}
		if said := metadataOf(t, j); said["channel_name"] != "Blockly Games" || said["channel_version"] != float64(s.channel.Version) {
			t.Errorf("people see %v", said)
		}
	})
	for name, timesAlone := range map[string]bool{
		"by an import that goes on": false,
		"by an import that goes on with a server that has no tags and says when a file was changed": true,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, s := newLaptop(t), serve(t)
			if timesAlone {
				s.saysTimesAlone(t)
			}
			s.Fail(s.big.Name(), 1, servertest.Stall(70_000))
			id := l.enqueueRemote(s, nil)
			l.holds(s.big.In(l.content)+".partial", 70_000)
			l.pausedAndResumed(id)
			l.ends(id, task.Completed)
			l.whole(s.channel)
			if times := s.databases(); times != 1 {
				t.Errorf("it was fetched %d times", times)
			}
		})
	}
	t.Run("by an update for which there is none, nor for a channel that came from a drive", func(t *testing.T) {
		t.Parallel()
		l, s := newLaptop(t), serve(t)
		l.has(s.channel)
		for range 2 {
			j := l.ends(l.update(s.channel, s.URL), task.Completed)
			if said := metadataOf(t, j); said["nothing_new"] != true {
				t.Errorf("it says %v", said)
			}
		}
		if times := s.databases(); times != 1 {
			t.Errorf("it was fetched %d times", times)
		}
	})
	t.Run("by an update that goes on, which it belongs to", func(t *testing.T) {
		t.Parallel()
		l, s := newLaptop(t), serve(t)
		l.ends(l.enqueueRemote(s, nil), task.Completed)
		next := next()
		s.becomes(t, next)
		video := next.Node(channeltest.Video).Files[0]
		s.Fail(video.Name(), 1, servertest.Stall(int(video.Size)/2))
		id := l.update(next, s.URL)
		l.holds(video.In(l.content)+".partial", video.Size/2)
		l.pausedAndResumed(id)
		l.ends(id, task.Completed)
		if version, _ := l.version(next); version != next.Version {
			t.Errorf("version %d is here", version)
		}
		if times := s.databases(); times != 2 {
			t.Errorf("it was fetched %d times, want once for each version", times)
		}
		onlyDatabases(t, l)
	})
	t.Run("but a new version is", func(t *testing.T) {
		t.Parallel()
		for name, quirk := range map[string]func(*served){
			"at once": func(*served) {},
			"also where the server tells of the old one's tag until it is started anew": func(s *served) {
				was := headOf(t, s).Get("Etag")
				s.Fail("/databases/", servertest.Always, servertest.Saying(func(h http.Header) { h.Set("Etag", was) }))
			},
			"also where the server has no tags and says when a file was changed": func(s *served) { s.saysTimesAlone(t) },
			"also where it is listed and has no other tag or length": func(s *served) {
				was := headOf(t, s)
				s.Fail("/databases/", servertest.Always, func(w http.ResponseWriter, r *http.Request, right http.Handler, stopped <-chan struct{}) {
					if r.Method == http.MethodHead {
						maps.Copy(w.Header(), was)
						return
					}
					servertest.Saying(func(h http.Header) { h.Set("Etag", was.Get("Etag")) })(w, r, right, stopped)
				})
			},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				l, s := newLaptop(t), serve(t)
				l.ends(l.enqueueRemote(s, nil), task.Completed)
				quirk(s)
				next := next()
				s.becomes(t, next)
				l.ends(l.update(next, s.URL), task.Completed)
				if version, _ := l.version(next); version != next.Version {
					t.Errorf("version %d is here", version)
				}
			})
		}
	})
	t.Run("and one that is in doubt is", func(t *testing.T) {
		t.Parallel()
		lookup := "/channels/lookup/"
		for name, doubt := range map[string]func(*served){
			"without a tag, and changed so lately that it may have been twice": func(s *served) {
				now := time.Now()
				must(t, os.Chtimes(s.channel.ID.DatabaseIn(s.content), now, now))
				s.Fail("/databases/", servertest.Always, servertest.Saying(func(h http.Header) { h.Del("Etag") }))
			},
			"without a tag or a time": func(s *served) {
				s.Fail("/databases/", servertest.Always, servertest.Saying(func(h http.Header) { h.Del("Etag"); h.Del("Last-Modified") }))
			},
			"without a tag, and with a time that is none": func(s *served) {
				s.Fail("/databases/", servertest.Always, servertest.Saying(func(h http.Header) { h.Del("Etag"); h.Set("Last-Modified", "yesterday") }))
			},
			"without a tag, by a server that does not say what time it is": func(s *served) {
				s.ages(t)
				s.Fail("/databases/", servertest.Always, servertest.Saying(func(h http.Header) { h.Del("Etag"); h["Date"] = nil }))
			},
			"with a weak tag": func(s *served) {
				s.Fail("/databases/", servertest.Always, servertest.Saying(func(h http.Header) { h.Set("Etag", `W/"1"`) }))
			},
			"with a longer tag": func(s *served) {
				s.Fail("/databases/", servertest.Always, servertest.Saying(func(h http.Header) { h.Set("Etag", `"`+strings.Repeat("1", 70)+`"`) }))
			},
			"with a tag that is another each time": func(s *served) {
				n := 0
				s.Fail("/databases/", servertest.Always, servertest.Saying(func(h http.Header) { n++; h.Set("Etag", `"`+strings.Repeat("x", n)+`"`) }))
			},
			"where only its bytes are given": func(s *served) {
				s.Fail("/databases/", servertest.Always, func(w http.ResponseWriter, r *http.Request, right http.Handler, _ <-chan struct{}) {
					if r.Method == http.MethodHead {
						w.WriteHeader(http.StatusMethodNotAllowed)
						return
					}
					right.ServeHTTP(w, r)
				})
			},
			"that is not listed": func(s *served) { s.Fail(lookup, servertest.Always, servertest.Status(http.StatusNotFound)) },
			"that is listed as another version": func(s *served) {
				s.Fail(lookup, servertest.Always, func(w http.ResponseWriter, _ *http.Request, _ http.Handler, _ <-chan struct{}) {
					_, _ = w.Write([]byte(`[{"id":"` + string(s.channel.ID) + `","name":"x","version":77}]`))
				})
			},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				l, s := newLaptop(t), serve(t)
				ids := []task.ID{}
				for range 2 { // asked for before the doubts begin, or the request is refused
					ids = append(ids, l.holding(func() task.ID { return l.enqueueRemote(s, nil) }, func() { doubt(s) }))
					l.ends(ids[len(ids)-1], task.Completed)
					s.Recover()
				}
				l.whole(s.channel)
				if times := s.databases(); times != 2 {
					t.Errorf("of 2 imports %d fetched it", times)
				}
			})
		}
	})
}

func TestADatabaseThatWasKeptForAnUpdate(t *testing.T) {
	t.Parallel()
	begin := func(t *testing.T, quirk func(*served)) (l *laptop, s *served, next *channeltest.Channel, id task.ID) {
		t.Helper()
		l, s = newLaptop(t), serve(t)
		l.ends(l.enqueueRemote(s, nil), task.Completed)
		quirk(s)
		next = channeltest.Next(channeltest.FileSize(200_000), channeltest.Name("Blockly Games"))
		s.becomes(t, next)
		video := next.Node(channeltest.Video).Files[0]
		s.Fail(video.Name(), 1, servertest.Stall(int(video.Size)/2))
		id = l.update(next, s.URL)
		l.holds(video.In(l.content)+".partial", video.Size/2)
		return l, s, next, id
	}
	kept := func(t *testing.T, l *laptop) string {
		t.Helper()
		found, err := filepath.Glob(filepath.Join(l.content, "databases", "*.partial"))
		if err != nil || len(found) != 1 {
			t.Fatalf("kept is %v, %v", found, err)
		}
		return found[0]
	}

	t.Run("is fetched again when it was damaged meanwhile", func(t *testing.T) {
		t.Parallel()
		l, s, next, id := begin(t, func(*served) {})
		l.paused(id)
		path := kept(t, l)
		bytes, err := os.ReadFile(path)
		must(t, err)
		clear(bytes[len(bytes)/2:])
		must(t, os.WriteFile(path, bytes, 0o600))
		l.resumed(id)
		l.ends(id, task.Completed)
		if version, _ := l.version(next); version != next.Version {
			t.Errorf("version %d is here", version)
		}
		sameDatabase(t, l, s, next.ID)
		onlyDatabases(t, l)
	})
	for name, quirk := range map[string]func(*served){
		"is not used for a version after it": func(*served) {},
		"is not used for one that has the same tag and length": func(s *served) {
			s.Fail("/databases/", servertest.Always, servertest.Saying(func(h http.Header) { h.Set("Etag", `"same"`) }))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, s, next, id := begin(t, quirk)
			l.paused(id)
			next.Version++
			s.becomes(t, next)
			later := time.Now().Add(2 * time.Minute)
			must(t, os.Chtimes(next.ID.DatabaseIn(s.content), later, later))
			l.resumed(id)
			l.ends(id, task.Completed)
			if version, _ := l.version(next); version != next.Version {
				t.Errorf("version %d is here", version)
			}
			sameDatabase(t, l, s, next.ID)
			onlyDatabases(t, l)
		})
	}
	t.Run("is removed with the update that is cancelled", func(t *testing.T) {
		t.Parallel()
		l, _, _, id := begin(t, func(*served) {})
		if _, err := l.Cancel(t.Context(), []task.ID{id}, false); err != nil {
			t.Fatal(err)
		}
		l.ends(id, task.Canceled)
		onlyDatabases(t, l)
	})
}

// A job that is cancelled while its database comes leaves nothing of that.
func TestACancelledImportLeavesNoPartOfADatabase(t *testing.T) {
	t.Parallel()
	l, s := newLaptop(t), serve(t)
	s.Fail("/databases/", servertest.Always, servertest.Stall(9000))
	id := l.enqueueRemote(s, nil)
	l.holds(filepath.Join(l.content, "databases", "*.partial"), 9000)
	if _, err := l.Cancel(t.Context(), []task.ID{id}, false); err != nil {
		t.Fatal(err)
	}
	l.ends(id, task.Canceled)
	onlyDatabases(t, l)
}

func (l *laptop) paused(id task.ID) {
	l.t.Helper()
	if _, err := l.Pause(l.t.Context(), []task.ID{id}); err != nil {
		l.t.Fatal(err)
	}
	l.until(id, "stops", func(j task.Job) bool { return j.State == task.Paused })
}

func (l *laptop) resumed(id task.ID) {
	l.t.Helper()
	if _, err := l.Resume(l.t.Context(), []task.ID{id}); err != nil {
		l.t.Fatal(err)
	}
}

func (l *laptop) pausedAndResumed(id task.ID) {
	l.t.Helper()
	l.paused(id)
	l.resumed(id)
}

// headOf answers what the server says of its database.
func headOf(t *testing.T, s *served) http.Header {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodHead, s.URL+"/content/"+s.channel.ID.DatabasePath(), nil)
	must(t, err)
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	must(t, response.Body.Close())
	return response.Header
}

func metadataOf(t *testing.T, j task.Job) (metadata map[string]any) {
	t.Helper()
	must(t, json.Unmarshal(j.Metadata, &metadata))
	return metadata
}

func sameDatabase(t *testing.T, l *laptop, s *served, id channel.ID) {
	t.Helper()
	ours, err := os.ReadFile(id.DatabaseIn(l.content))
	must(t, err)
	theirs, err := os.ReadFile(id.DatabaseIn(s.content))
	must(t, err)
	if !slices.Equal(ours, theirs) {
		t.Error("the database is another")
	}
}

// onlyDatabases checks that the folder of databases holds nothing but whole ones.
func onlyDatabases(t *testing.T, l *laptop) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Join(l.content, "databases"))
	must(t, err)
	for _, e := range entries {
		if stem, is := strings.CutSuffix(e.Name(), ".sqlite3"); !is || len(stem) != 32 {
			t.Errorf("the folder of databases holds %s", e.Name())
		}
	}
}
