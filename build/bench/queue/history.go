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

// past is a history of finished jobs: when they were created, and how long they took at
// most.
type past struct {
	path  string
	jobs  int
	began time.Time
	over  time.Duration
	took  time.Duration
	alone float64 // from which part on only one task ran, and none of its jobs failed
}

// at is the time when a part of the jobs was created.
func (p past) at(part float64) time.Time {
	return p.began.Add(time.Duration(part * float64(p.over)))
}

func (b *bench) history() error {
	const year = 365 * 24 * time.Hour
	ofAYear := past{filepath.Join(b.folder, "history.sqlite3"), b.jobs(million), time.Now().Add(-year).UTC(), year, 10 * time.Minute, 1}
	ofAMinute := past{filepath.Join(b.folder, "minute.sqlite3"), b.jobs(million), time.Now().Add(-24 * time.Hour).UTC(), time.Minute, time.Second, 0.4}
	for _, p := range []past{ofAYear, ofAMinute} {
		if err := b.makeHistory(p); err != nil {
			return err
		}
	}
	if err := b.startUp("start-up with a million finished jobs", ofAYear.path, 300); err != nil {
		return err
	}
	if err := b.pages(ofAYear, "a million jobs"); err != nil {
		return err
	}
	if err := b.pages(ofAMinute, "a million jobs of one minute"); err != nil {
		return err
	}
	return b.beside(ofAYear.path)
}

// makeHistory stores finished jobs of several tasks, queues and people,
// most of them completed, each with its attempt.
func (b *bench) makeHistory(p past) error {
	st, err := store.Open(b.ctx, p.path, store.Options{Unsynced: true})
	if err != nil {
		return err
	}
	const batch = 1_000
	for done := 0; done < p.jobs; done += batch {
		drafts := make([]task.Draft, batch)
		for i := range drafts {
			drafts[i].Job = p.job(done + i)
		}
		if _, err := st.Insert(b.ctx, drafts); err != nil {
			return err
		}
	}
	if err := st.Close(); err != nil {
		return err
	}
	db, err := sql.Open("sqlite3", p.path)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(b.ctx, `INSERT INTO attempts (job, attempt, started, finished, outcome) SELECT number, 1, started, finished, outcome FROM jobs;
		PRAGMA wal_checkpoint(TRUNCATE)`)
	return err
}

// job is the job of that number in the history.
func (p past) job(i int) *task.Job {
	at := p.at(float64(i) / float64(p.jobs))
	tasks := []string{"content.diskimport", "content.export", "device.backup", "reports.jobs_csv", "bench.nothing"}
	name := tasks[i%len(tasks)]
	j := &task.Job{
		Task: name, Queue: []string{"content", "content", "device", "reports", "bench"}[i%len(tasks)], Priority: task.Regular,
		State: task.Completed, Outcome: task.OutcomeCompleted, Args: json.RawMessage(fmt.Sprintf(`{"channel_id":"%032x","path":"/media/stick-%d"}`, i*7919, i%97)),
		Metadata: json.RawMessage(fmt.Sprintf(`{"channel_name":"Channel %d","person":"p%d"}`, i%1000, i%3)), Unit: task.Bytes, Progress: 1, Total: 1,
		Attempts: 1, Created: at, Due: at, Started: at, Finished: at.Add(p.took / 600 * time.Duration(i%600)), StartedBy: fmt.Sprintf("person-%d", i%3), StartedByName: "Tara",
	}
	switch {
	case float64(i) > p.alone*float64(p.jobs):
		j.Task, j.Queue = "bench.nothing", "bench"
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
