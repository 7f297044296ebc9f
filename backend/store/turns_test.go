package store_test

import (
	"cmp"
	"path/filepath"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"nectar/backend/store"
	"nectar/backend/task"
)

// Whatever happens to jobs and to the clock, those that are ready are read in the order of
// their ranks, due times and numbers, in pages of any length, each once.
func TestReadyJobsAreReadInTheirOrder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "app.sqlite3")
	rapid.Check(t, func(t *rapid.T) {
		line := openLine(t, path)
		defer line.close()
		t.Repeat(map[string]func(*rapid.T){
			"ask for jobs":         line.ask,
			"change a job":         line.change,
			"the clock goes on":    func(t *rapid.T) { line.now = line.now.Add(line.duration(t, 0, 20)) },
			"the clock is wrong":   func(t *rapid.T) { line.now = line.now.Add(line.duration(t, -50, 50)) },
			"the clock is set":     line.setClock,
			"the program restarts": line.restart,
			"they are read":        line.look,
		})
		line.look(t)
	})
}

// line is a storage whose jobs wait in line, by a clock that may be wrong.
type line struct {
	t    *rapid.T
	path string
	s    *store.Store
	now  time.Time
}

// openLine opens the storage at the path, in which no job is left of those before.
func openLine(t *rapid.T, path string) *line {
	l := &line{t: t, path: path, now: noon}
	l.open()
	jobs := l.jobs(task.States()...)
	ids := make([]task.ID, len(jobs))
	for i := range jobs {
		ids[i] = jobs[i].ID
	}
	if err := l.s.Delete(t.Context(), ids, func(*task.Job) error { return nil }); err != nil {
		t.Fatal(err)
	}
	l.restart(t) // what was learned of them is forgotten
	return l
}

func (l *line) jobs(states ...task.State) []task.Job {
	jobs, err := l.s.InStates(l.t.Context(), states...)
	if err != nil {
		l.t.Fatal(err)
	}
	return jobs
}

func (l *line) open() {
	s, err := store.Open(l.t.Context(), l.path, store.Options{Unsynced: true})
	if err != nil {
		l.t.Fatal(err)
	}
	l.s = s
}

func (l *line) close() {
	if err := l.s.Close(); err != nil {
		l.t.Fatal(err)
	}
}

func (*line) duration(t *rapid.T, from, to int) time.Duration {
	return time.Duration(rapid.IntRange(from, to).Draw(t, "milliseconds")) * time.Millisecond
}

func (l *line) restart(*rapid.T) {
	l.close()
	l.open()
}

// ask stores some jobs as people who ask at once do: a few milliseconds lie between the
// time that each has seen and that at which it is stored.
func (l *line) ask(t *rapid.T) {
	var drafts []task.Draft
	seen := l.now.Add(-l.duration(t, 0, 3))
	for i := range rapid.IntRange(1, 4).Draw(t, "jobs") {
		if i > 0 && rapid.Bool().Draw(t, "again") {
			drafts[len(drafts)-1].More++
			continue
		}
		drafts = append(drafts, queued(func(j *task.Job) {
			j.Task = rapid.SampledFrom([]string{"maths.add", "maths.sub"}).Draw(t, "task")
			j.Priority = rapid.SampledFrom([]task.Priority{task.Regular, task.Regular, task.Regular, task.High}).Draw(t, "priority")
			j.Created, j.Due = seen, seen
			switch rapid.SampledFrom([]string{"", "", "", "later", "runs", "first", "wall"}).Draw(t, "kind") {
			case "later":
				j.State, j.Due = task.Scheduled, seen.Add(l.duration(t, 0, 9))
			case "runs":
				j.State = task.Running
			case "first":
				j.Rank = -1
			case "wall":
				j.Wall = true
			}
		}))
	}
	if _, err := l.s.Insert(t.Context(), drafts); err != nil {
		t.Fatal(err)
	}
}

// change does with a job one of the things that the engine does.
func (l *line) change(t *rapid.T) {
	jobs := l.jobs(task.States()...)
	if len(jobs) == 0 {
		t.Skip("there is none")
	}
	j := rapid.SampledFrom(jobs).Draw(t, "job")
	to := rapid.SampledFrom([]task.State{j.State, task.Queued, task.Queued, task.Running, task.Paused, task.Scheduled, task.Failed}).Draw(t, "to")
	if to != j.State && !task.CanMove(j.State, to) {
		t.Skip("it cannot become that")
	}
	later := rapid.Bool().Draw(t, "later") || to == task.Scheduled || j.State.Resting()
	if _, err := l.s.Change(t.Context(), []task.ID{j.ID}, func(j *task.Job) error {
		if later {
			j.Due = l.now.Add(l.duration(t, 0, 5))
		}
		if j.State == to {
			j.Rank = int64(rapid.IntRange(-2, 0).Draw(t, "rank"))
			j.Priority = rapid.SampledFrom([]task.Priority{task.Regular, task.High}).Draw(t, "priority")
		}
		j.State = to
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func (l *line) setClock(t *rapid.T) {
	by := l.duration(t, -50, 50)
	l.now = l.now.Add(by)
	if err := l.s.MoveClock(t.Context(), by, func(*task.Job) {}); err != nil {
		t.Fatal(err)
	}
}

// look reads all that are ready, page by page.
func (l *line) look(t *rapid.T) {
	all := l.jobs(task.Queued)
	slices.SortFunc(all, func(a, b task.Job) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), a.Due.Compare(b.Due), cmp.Compare(a.Number, b.Number))
	})
	limit, knows := rapid.IntRange(1, 5).Draw(t, "limit"), rapid.Bool().Draw(t, "knows the turn")
	for _, priority := range []task.Priority{task.High, task.Regular} {
		var want, got []task.Job
		for i := range all {
			if all[i].Priority == priority {
				want = append(want, all[i])
			}
		}
		var place *task.Place
		for {
			page, err := l.s.Ready(t.Context(), priority, place, limit)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, page...)
			if len(page) < limit {
				break
			}
			last := page[len(page)-1]
			place = &task.Place{Rank: last.Rank, Due: last.Due, Number: last.Number}
			for i := range got {
				if knows && got[i].InTurn {
					place.Turn = got[i].Number
				}
			}
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("of priority %v (-want +got):\n%s", priority, diff)
		}
	}
}
