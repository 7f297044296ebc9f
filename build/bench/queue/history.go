package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"nectar/backend/store"
	"nectar/backend/task"
)

// million is how many finished jobs the history has.
const million = 1_000_000

func (b *bench) history() error {
	path := filepath.Join(b.folder, "history.sqlite3")
	n := b.jobs(million)
	if err := b.makeHistory(path, n); err != nil {
		return err
	}
	if err := b.startUp("start-up with a million finished jobs", path, 300); err != nil {
		return err
	}
	if err := b.pages(path, n); err != nil {
		return err
	}
	return b.beside(path)
}

// makeHistory stores finished jobs of several tasks, queues and people over a
// year, most of them completed, each with its attempt.
func (b *bench) makeHistory(path string, n int) error {
	st, err := store.Open(b.ctx, path, store.Options{Unsynced: true})
	if err != nil {
		return err
	}
	began := time.Now().Add(-365 * 24 * time.Hour).UTC()
	pause := 365 * 24 * time.Hour / time.Duration(n)
	const batch = 10_000
	for done := 0; done < n; done += batch {
		drafts := make([]task.Draft, batch)
		for i := range drafts {
			drafts[i].Job = past(done+i, began.Add(pause*time.Duration(done+i)))
		}
		if _, err := st.Insert(b.ctx, drafts); err != nil {
			return err
		}
	}
	if err := st.Close(); err != nil {
		return err
	}
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(b.ctx, `INSERT INTO attempts (job, attempt, started, finished, outcome) SELECT number, 1, started, finished, outcome FROM jobs;
		PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

// past is the job of that number in the history.
func past(i int, at time.Time) *task.Job {
	tasks := []string{"content.diskimport", "content.export", "device.backup", "reports.jobs_csv", "bench.nothing"}
	name := tasks[i%len(tasks)]
	j := &task.Job{
		Task: name, Queue: []string{"content", "content", "device", "reports", "bench"}[i%len(tasks)], Priority: task.Regular,
		State: task.Completed, Outcome: task.OutcomeCompleted, Args: json.RawMessage(fmt.Sprintf(`{"channel_id":"%032x","path":"/media/stick-%d"}`, i*7919, i%97)),
		Metadata: json.RawMessage(fmt.Sprintf(`{"channel_name":"Channel %d","person":"p%d"}`, i%1000, i%3)), Unit: task.Bytes, Progress: 1, Total: 1,
		Attempts: 1, Created: at, Due: at, Started: at, Finished: at.Add(time.Duration(i%600) * time.Second), StartedBy: fmt.Sprintf("person-%d", i%3), StartedByName: "Tara",
	}
	switch {
	case i%50 == 7:
		j.State, j.Outcome = task.Failed, task.OutcomeFailed
		j.Failure = &task.Failure{Code: "source_gone", Detail: "read: the drive is gone"}
	case i%100 == 3:
		j.State, j.Outcome = task.Canceled, task.OutcomeCanceled
	case i%100_000 == 12_345:
		j.State, j.Outcome = task.Failed, task.OutcomeFailed
		j.Failure = &task.Failure{Code: "disk_full", Detail: "a rare needle of a text"}
	}
	return j
}

// startUp measures from the opening of the database to a running engine.
func (b *bench) startUp(what, path string, limit float64) error {
	var times []float64
	for range b.rounds {
		began := time.Now()
		s, err := openNectarAt(b.ctx, path, full, func() {})
		if err != nil {
			return err
		}
		if err := s.start(b.ctx); err != nil {
			return err
		}
		times = append(times, milliseconds(time.Since(began)))
		if err := s.close(); err != nil {
			return err
		}
	}
	b.table.within(what, "ms", median(times), limit)
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// pages measures lists of the history. Of each kind the slowest page counts.
func (b *bench) pages(path string, n int) error {
	st, err := store.Open(b.ctx, path, store.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = st.Close() }()
	everything := task.Readable{All: true}
	teacher := task.Readable{Own: []string{"content.export", "device.backup"}, Person: "person-1"}
	week := time.Now().Add(-7 * 24 * time.Hour)
	month := time.Now().Add(-200 * 24 * time.Hour)
	year, late := time.Now().Add(-360*24*time.Hour), time.Now().Add(-10*24*time.Hour)
	filters := map[string][]task.Filter{
		"by state, task, queue, time": {
			{Readable: everything},
			{Readable: everything, States: []task.State{task.Failed}},
			{Readable: everything, States: []task.State{task.Queued, task.Running}},
			{Readable: everything, States: []task.State{task.Canceled, task.Failed}, Task: "device.backup"},
			{Readable: everything, Task: "content.export"},
			{Readable: everything, Queue: "content", States: []task.State{task.Failed}},
			{Readable: everything, Task: "bench.nothing", Queue: "content"},
			{Readable: everything, Since: week},
			{Readable: everything, Since: month, Until: month.Add(30 * 24 * time.Hour)},
			{Readable: everything, Since: month, Until: month.Add(30 * 24 * time.Hour), States: []task.State{task.Canceled}, Queue: "device"},
			{Readable: everything, Until: time.Now().Add(-300 * 24 * time.Hour), Task: "device.backup", States: []task.State{task.Failed}},
			{Readable: everything, Since: month, Until: month.Add(time.Hour)},
			{Readable: everything, Since: year},
			{Readable: everything, Since: year, Task: "content.export"},
			{Readable: everything, Since: year, Until: late, States: []task.State{task.Failed}},
			{Readable: teacher, Since: year, Until: late, States: []task.State{task.Completed}},
			{Readable: everything, Repeating: true},
			{Readable: teacher},
			{Readable: teacher, States: []task.State{task.Failed}},
		},
		"by text": {
			{Readable: everything, Search: words("nowhere", "to", "be", "found")},
			{Readable: everything, Search: words("rare", "needle")},
			{Readable: everything, Search: words("channel", "17")},
			{Readable: everything, Search: []task.Word{{Text: "Prüfung", Tasks: []string{"device.backup"}}}},
			{Readable: everything, Search: []task.Word{{Text: "Export", Tasks: []string{"content.export"}}, {Text: "Über"}, {Text: "Failed", States: []task.State{task.Failed}}}},
			{Readable: everything, Search: []task.Word{{Text: "Work", Tasks: []string{"content.diskimport", "content.export", "device.backup"}}}},
			{Readable: teacher, Search: words("stick-5"), States: []task.State{task.Completed}},
		},
	}
	for _, kind := range []struct {
		name    string
		filters string
		sorts   []string
		limit   float64
		times   int // the shorter a page takes, the more else shows in it
	}{
		{"by state, task, queue, time", "by state, task, queue, time", []string{"-created", "created"}, 5, 25},
		{"the same in the order of their ends", "by state, task, queue, time", []string{"-finished", "finished"}, 5, 25},
		{"by text", "by text", []string{"-created"}, 200, 5},
	} {
		slowest := 0.0
		for _, sort := range kind.sorts {
			for _, filter := range filters[kind.filters] {
				took, err := b.page(st, filter, sort, kind.times)
				if err != nil {
					return err
				}
				if took > kind.limit {
					fmt.Fprintf(os.Stderr, "slow page: %.1f ms by %s: %+v\n", took, sort, filter)
				}
				slowest = max(slowest, took)
			}
		}
		b.table.within("slowest page of a million jobs, "+kind.name, "ms", slowest, kind.limit)
	}
	var times []float64
	for range 11 {
		began := time.Now()
		counts, err := st.Counts(b.ctx, task.Filter{Readable: everything})
		if err != nil {
			return err
		}
		if counts[task.Completed] < int64(n/2) {
			return fmt.Errorf("the history has %v jobs", counts)
		}
		times = append(times, milliseconds(time.Since(began)))
	}
	b.table.within("counts by state of a million jobs", "ms", median(times), 1)
	return nil
}

// words are what somebody looks for, none of it said of whole tasks.
func words(texts ...string) []task.Word {
	var all []task.Word
	for _, text := range texts {
		all = append(all, task.Word{Text: text})
	}
	return all
}

// page answers the median time of the first and the second page, which are asked for so
// often.
func (b *bench) page(st *store.Store, filter task.Filter, sort string, times int) (float64, error) {
	var first, second []float64
	for range times {
		began := time.Now()
		listed, err := st.List(b.ctx, filter, task.Page{Sort: sort, Limit: 50})
		if err != nil {
			return 0, err
		}
		first = append(first, milliseconds(time.Since(began)))
		if listed.Next == "" {
			continue
		}
		began = time.Now()
		if _, err := st.List(b.ctx, filter, task.Page{Sort: sort, Limit: 50, After: listed.Next}); err != nil {
			return 0, err
		}
		second = append(second, milliseconds(time.Since(began)))
	}
	took := median(first)
	if len(second) > 0 {
		took = max(took, median(second))
	}
	return took, nil
}

// besides is how often each is measured in a round of beside: a drain takes less than
// a second, in which one slow answer of the disk is much of what the history may cost.
const besides = 3

// beside measures drain and latency with the history beside an empty one, by turns, and
// each first as often as the other.
func (b *bench) beside(path string) error {
	empty := filepath.Join(b.folder, "empty.sqlite3")
	drains, starts := map[string][]float64{}, map[string][]float64{}
	both := []string{path, empty}
	for range b.rounds * besides {
		slices.Reverse(both)
		for _, at := range both {
			jobs := b.jobs(30_000)
			done := newCountdown(jobs)
			s, err := openNectarAt(b.ctx, at, full, done.one)
			if err != nil {
				return err
			}
			rate, err := b.drained(s, jobs, done)
			if closing := s.close(); err != nil || closing != nil {
				return fmt.Errorf("drain: %w, %w", err, closing)
			}
			drains[at] = append(drains[at], rate)

			ran := make(chan struct{}, 1)
			if s, err = openNectarAt(b.ctx, at, full, func() { ran <- struct{}{} }); err != nil {
				return err
			}
			times, err := b.starts(s, ran, b.jobs(400))
			if closing := s.close(); err != nil || closing != nil {
				return fmt.Errorf("latency: %w, %w", err, closing)
			}
			starts[at] = append(starts[at], percentile(times, 50))
		}
		if err := os.Remove(empty); err != nil {
			return err
		}
	}
	b.table.within("drain with a million finished jobs: time of that without", "×", median(drains[empty])/median(drains[path]), 1.1)
	b.table.within("enqueue to start with a million finished jobs: time of that without", "×", median(starts[path])/median(starts[empty]), 1.1)
	return nil
}

// waiting measures a start with many jobs that wait.
func (b *bench) waiting() error {
	made := filepath.Join(b.folder, "waiting.sqlite3")
	s, err := openNectarAt(b.ctx, made, normal, func() {})
	if err != nil {
		return err
	}
	for range b.jobs(100) {
		if err := s.enqueueMany(b.ctx, 1000); err != nil {
			return err
		}
	}
	if err := s.close(); err != nil {
		return err
	}
	var times []float64
	for range b.rounds {
		path := filepath.Join(b.folder, "waits.sqlite3")
		if err := copyFile(made, path); err != nil {
			return err
		}
		ran := make(chan struct{}, 1)
		began := time.Now()
		s, err := openNectarAt(b.ctx, path, full, func() {
			select {
			case ran <- struct{}{}:
			default:
			}
		})
		if err != nil {
			return err
		}
		if err := s.start(b.ctx); err != nil {
			return err
		}
		<-ran
		times = append(times, milliseconds(time.Since(began)))
		if err := s.close(); err != nil {
			return err
		}
	}
	b.table.within("start-up to the first job with 100,000 waiting", "ms", median(times), 1000)
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		_ = out.Close()
		return err
	}
	return out.Close()
}
