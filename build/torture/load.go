package main

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"nectar/backend/datadir"
	"nectar/backend/store"
	"nectar/backend/task"
)

// loading is what the parts of the load share: a program that tells how it is,
// and whose clock can be told to be wrong.
type loading struct {
	rig    *rig
	chance *rand.Rand
	clock  string // the file that says by how many seconds the clock is wrong
	pulse  string // the file in which the program says how it is
}

func load(ctx context.Context, r *rig) error { return r.loaded(ctx, "load", (*loading).through) }

func later(ctx context.Context, r *rig) error { return r.loaded(ctx, "later", (*loading).scheduled) }

func crowd(ctx context.Context, r *rig) error { return r.loaded(ctx, "crowd", (*loading).crowd) }

// loaded builds the program for it, and does what is to be done with it.
func (r *rig) loaded(ctx context.Context, name string, do func(*loading, context.Context) error) error {
	told, err := r.build(ctx, "nectar-torture", "-tags", "torture", ".")
	if err != nil {
		return err
	}
	plain := r.program
	defer func() { r.program = plain }()
	r.program = told
	lo := &loading{rig: r, chance: r.chance(name), clock: filepath.Join(r.folder, name+"-clock"), pulse: filepath.Join(r.folder, "pulse")}
	if err := setClock(lo.clock, 0); err != nil {
		return err
	}
	return errors.Join(do(lo, ctx), ctx.Err())
}

// laptop is a laptop whose program tells how it is, and keeps every job.
func (lo *loading) laptop(ctx context.Context, name string, kept int) (*laptop, error) {
	l := lo.rig.laptop(name)
	l.env = []string{"NECTAR_TORTURE_CLOCK=" + lo.clock, "NECTAR_TORTURE_PULSE=" + lo.pulse}
	return l, errors.Join(
		l.tell(ctx, nil, "settings", "set", "retention_jobs", fmt.Sprint(kept)),
		l.tell(ctx, nil, "settings", "set", "retention_days", "0"),
	)
}

// atOnce is how many jobs one request asks for.
const atOnce = 1000

// askFor asks for jobs, some at a time from as many callers, and answers when
// each is due.
func (lo *loading) askFor(l *laptop, jobs, callers int, next func() request) (map[string]time.Time, error) {
	due := map[string]time.Time{}
	var mu sync.Mutex // guards due and what next uses
	var calls sync.WaitGroup
	failed := make([]error, callers)
	for n := range callers {
		calls.Go(func() {
			c := &caller{name: fmt.Sprint("load", n), direct: true, laptop: l, rig: lo.rig}
			for from := n * atOnce; from < jobs && failed[n] == nil; from += callers * atOnce {
				mu.Lock()
				batch := slices.Collect(func(yield func(request) bool) {
					for range min(atOnce, jobs-from) {
						if !yield(next()) {
							return
						}
					}
				})
				mu.Unlock()
				stored, err := c.askAtOnce(batch)
				failed[n] = err
				mu.Lock()
				for _, j := range stored {
					due[j.ID] = j.when()
				}
				mu.Unlock()
			}
		})
	}
	calls.Wait()
	return due, errors.Join(failed...)
}

// when is when a job is due; the zero time for one that is due at once.
func (j told) when() time.Time {
	if j.Due == nil {
		return time.Time{}
	}
	return *j.Due
}

// askAtOnce asks for a list of jobs.
func (c *caller) askAtOnce(batch []request) ([]told, error) {
	input, err := json.Marshal(batch)
	if err != nil {
		return nil, err
	}
	a, err := c.run(string(input), "enqueue", "-")
	if err != nil {
		return nil, err
	}
	if a == nil || a.status != 0 {
		return nil, fmt.Errorf("%d jobs were not taken", len(batch))
	}
	return jobsOf(a.stdout)
}

// through lets many jobs through, that are all there before most of them ran.
func (lo *loading) through(ctx context.Context) (err error) {
	const once = "each of many jobs ran once, and none is left"
	jobs := cmp.Or(lo.rig.jobs, lo.rig.often(2000, 1_000_000))
	l, err := lo.laptop(ctx, "load-through", 0)
	if err != nil {
		return err
	}
	worker, err := l.work(ctx)
	if err != nil {
		return err
	}
	defer func() { worker.kill() }()
	before, err := l.vitals(ctx, worker, lo.pulse)
	if err != nil {
		return err
	}
	began := time.Now()
	asked, err := lo.askFor(l, jobs, 4, func() request { return request{"type": "device.retention"} })
	if err != nil {
		return err
	}
	filled, most := time.Since(began), before
	err = l.comesTo(ctx, int64(len(asked)), func(counts map[task.State]int64) int64 {
		if v, err := l.vitals(ctx, worker, lo.pulse); err == nil && v.memory > most.memory {
			most = v
		}
		return counts[task.Completed]
	})
	if err != nil {
		lo.rig.wrong(once, "%v", err)
		return nil
	}
	lo.rig.did(once, len(asked))
	if err := lo.onceEach(ctx, l, once); err != nil {
		return err
	}
	after, err := l.vitals(ctx, worker, lo.pulse)
	if err != nil {
		return err
	}
	fmt.Printf("      %d jobs in %v, the last of them stored after %v; memory at first %s, at most %s, at the end %s\n",
		len(asked), time.Since(began).Round(time.Second), filled.Round(time.Second),
		inWords(before.memory, true), inWords(most.memory, true), inWords(after.memory, true))
	const bounded = "memory does not grow with the jobs that wait and have run (MB at most)"
	lo.rig.did(bounded, int(most.memory/1e6))
	if most.memory > mostMemory {
		lo.rig.wrong(bounded, "%s", inWords(most.memory, true))
	}
	if after.goroutines > before.goroutines+goroutinesAtWork || after.files > before.files+12 {
		lo.rig.wrong(bounded, "%d goroutines became %d, %d open files became %d", before.goroutines, after.goroutines, before.files, after.files)
	}
	return lo.forgotten(ctx, l, worker)
}

// mostMemory is what the program may need, however many jobs there are, and
// goroutinesAtWork how many more it has once it has worked: its workers, and who
// still ends a connection.
const (
	mostMemory       = 250e6
	goroutinesAtWork = 20
)

// forgotten lets the history go, and looks that its room comes back.
func (lo *loading) forgotten(ctx context.Context, l *laptop, worker *process) error {
	const room = "a history that goes gives its room back to the disk (MB before)"
	was := sizeOf(datadir.Peek(l.folder).Database())
	lo.rig.did(room, int(was/1e6))
	for _, args := range [][]string{
		{"settings", "set", "retention_jobs", "1000"},
		{"enqueue", "device.retention"},
	} {
		if err := l.tell(ctx, nil, args...); err != nil {
			return err
		}
	}
	err := l.comesTo(ctx, -1100, func(counts map[task.State]int64) int64 { return -counts[task.Completed] })
	if err != nil {
		lo.rig.wrong(room, "the history does not go: %v", err)
		return nil
	}
	var vacuum told
	if err := l.tell(ctx, &vacuum, "enqueue", "device.vacuum"); err != nil {
		return err
	}
	if err := l.ends(ctx, vacuum.ID); err != nil {
		return err
	}
	worker.kill() // what SQLite keeps in its log is in the database after the next start
	if err := l.tell(ctx, nil, "enqueue", "device.retention"); err != nil {
		return err
	}
	if now := sizeOf(datadir.Peek(l.folder).Database()); now > max(was/4, 4<<20) {
		lo.rig.wrong(room, "%s became %s", inWords(was, true), inWords(now, true))
	}
	return os.RemoveAll(l.folder)
}

// onceEach looks that every job that is at rest and repeats nothing ran once.
func (lo *loading) onceEach(ctx context.Context, l *laptop, name string) error {
	wrong, err := l.number(ctx, `SELECT count(*) FROM jobs AS j WHERE state <> 1
		AND (state <> 9 OR attempts <> 1 OR EXISTS (SELECT 1 FROM attempts WHERE job = j.number))`)
	if wrong > 0 {
		lo.rig.wrong(name, "%d jobs did not run just once", wrong)
	}
	return err
}

// scheduled has many jobs for later, and lets their times come.
func (lo *loading) scheduled(ctx context.Context) error {
	const once, prompt, early = "each of many scheduled jobs ran once", "a job that is due now is not behind those that are scheduled", "none ran before its time"
	jobs, days := lo.rig.often(500, 100_000), 3
	l, err := lo.laptop(ctx, "load-scheduled", 0)
	if err != nil {
		return err
	}
	worker, err := l.work(ctx)
	if err != nil {
		return err
	}
	defer func() { worker.kill() }()
	began := time.Now()
	asked, err := lo.askFor(l, jobs, 4, func() request {
		at := began.Add(time.Hour + time.Duration(lo.chance.Int64N(int64(time.Duration(days)*24*time.Hour-2*time.Hour))))
		return request{"type": "device.retention", "enqueue_args": request{"enqueue_at": at.UTC().Format(time.RFC3339)}}
	})
	if err != nil {
		return err
	}
	lo.rig.did(once, len(asked))
	for range 3 {
		var now told
		if err := l.tell(ctx, &now, "enqueue", "device.retention"); err != nil {
			return err
		}
		lo.rig.did(prompt, 1)
		if err := l.ends(ctx, now.ID); err != nil {
			lo.rig.wrong(prompt, "%v", err)
		}
		worker.kill()
		if worker, err = l.work(ctx); err != nil {
			return err
		}
	}
	for day := 1; day <= days; day++ {
		if err := setClock(lo.clock, time.Duration(day)*24*time.Hour); err != nil {
			return err
		}
		due := int64(0)
		limit := began.Add(time.Duration(day) * 24 * time.Hour)
		for _, at := range asked {
			if at.Before(limit) {
				due++
			}
		}
		err := l.comesTo(ctx, due, func(map[task.State]int64) int64 {
			ran, err := l.number(ctx, "SELECT count(*) FROM jobs WHERE state = 9 AND planned > ?", began.UnixMilli()+int64(time.Hour/time.Millisecond)/2)
			if err != nil {
				return -1
			}
			return ran
		})
		if err != nil {
			lo.rig.wrong(once, "on day %d: %v", day, err)
			return nil
		}
	}
	if err := lo.onceEach(ctx, l, once); err != nil {
		return err
	}
	lo.rig.did(early, len(asked))
	wrong, err := l.number(ctx, "SELECT count(*) FROM jobs WHERE state = 9 AND started < planned")
	if wrong > 0 {
		lo.rig.wrong(early, "%d did", wrong)
	}
	return errors.Join(err, os.RemoveAll(l.folder))
}

// comesTo waits until what is counted reaches a number. It is impatient when
// nothing moves.
func (l *laptop) comesTo(ctx context.Context, want int64, count func(map[task.State]int64) int64) error {
	last, moved := int64(-1)<<62, time.Now()
	for {
		var counts map[task.State]int64
		err := l.look(ctx, func(st *store.Store) (err error) {
			counts, err = st.Counts(ctx, task.Filter{Readable: task.Readable{All: true}})
			return err
		})
		if err != nil {
			return err
		}
		is := count(counts)
		if is >= want {
			return nil
		}
		if is != last {
			last, moved = is, time.Now()
		}
		if time.Since(moved) > patience {
			return fmt.Errorf("%w: %d instead of %d of %v", errImpatient, is, want, counts)
		}
		if err := pause(ctx, 300*time.Millisecond); err != nil {
			return err
		}
	}
}

// whileMoving waits for the end of a process for as long as jobs go on: a check
// of all files, which steps back for whoever else uses the disk, can take many
// minutes on a machine under load.
func (l *laptop) whileMoving(ctx context.Context, p *process) error {
	last, moved := int64(-1), time.Now()
	for !p.dead() {
		is, err := l.number(ctx, "SELECT coalesce(sum(number * (state + 10 * attempts) + progress), 0) FROM jobs")
		if err == nil && is != last {
			last, moved = is, time.Now()
		}
		if time.Since(moved) > patience {
			return p.wait(ctx, 0)
		}
		select {
		case <-p.ended:
		case <-ctx.Done():
			return p.wait(ctx, 0)
		case <-time.After(time.Second):
		}
	}
	return nil
}

// ends waits until a job has come to a good end.
func (l *laptop) ends(ctx context.Context, id string) error {
	var job told
	var failed error
	err := await(ctx, patience, func() bool {
		failed = l.look(ctx, func(st *store.Store) error {
			j, err := st.Job(ctx, task.ID(id))
			job.Status = j.State.String()
			return err
		})
		return failed != nil || job.Status == task.Completed.String()
	})
	if err = errors.Join(err, failed); err != nil {
		return fmt.Errorf("job %s is %s: %w", id, job.Status, err)
	}
	return nil
}

// number asks the database of a laptop for one number.
func (l *laptop) number(ctx context.Context, query string, values ...any) (n int64, err error) {
	db, err := sql.Open("sqlite3", "file:"+datadir.Peek(l.folder).Database()+"?mode=ro")
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close() }()
	err = db.QueryRowContext(ctx, query, values...).Scan(&n)
	return n, err
}
