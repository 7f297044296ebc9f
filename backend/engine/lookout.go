package engine

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"nectar/backend/task"
)

// The pauses before a job that asks to wait again and again, for a thing that
// is there, is run once more: each is twice as long as the one before.
const (
	firstPause = time.Second
	lastPause  = time.Minute
)

// lookout keeps the jobs that wait for the world until it has what they wait
// for. It watches a kind of thing while a job waits for one, and only then.
type lookout struct {
	world World
	news  chan struct{} // of one: there is something to look at

	mu     sync.Mutex
	vigils map[int64]*vigil // guarded by mu, by job number
	spells map[int64]spell  // guarded by mu, by job number
	urged  map[int64]bool   // guarded by mu: those that a person wants to run whatever is away
	told   told             // guarded by mu
}

// told is when it was last said that a thing is looked at next.
type told map[task.Need]time.Time

// spell is how often in a row a job waited for one thing without getting on.
type spell struct {
	need  task.Need
	times int
}

// vigil is one job's wait.
type vigil struct {
	entry entry
	need  task.Need
	after time.Time // not looked at before
	look  bool      // what it waits for may be there
}

func newLookout(world World) *lookout {
	return &lookout{world: world, news: make(chan struct{}, 1), vigils: map[int64]*vigil{}, spells: map[int64]spell{}, urged: map[int64]bool{}, told: told{}}
}

// add keeps a job that waits.
func (l *lookout) add(j *task.Job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v := l.vigils[j.Number]; v != nil && v.need == j.Waiting.Need {
		return
	}
	l.vigils[j.Number] = &vigil{entry: entryOf(j), need: j.Waiting.Need, after: time.Now().Add(l.pause(j.Number)), look: true}
	l.nudge()
}

// pause needs mu.
func (l *lookout) pause(number int64) time.Duration {
	times := l.spells[number].times
	if times < 2 {
		return 0
	}
	return min(firstPause<<min(times-2, 10), lastPause)
}

// remove forgets a job that does not wait any more; for good when it rests.
func (l *lookout) remove(number int64, rests bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if rests {
		delete(l.spells, number)
		delete(l.urged, number)
	}
	if v := l.vigils[number]; v != nil {
		delete(l.vigils, number)
		delete(l.told, v.need)
		l.nudge()
	}
}

// began notes that a job begins to wait, after it got on for so long. Whoever
// got on for a while waits as if for the first time.
func (l *lookout) began(number int64, need task.Need, gotOn time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.spells[number]
	if s.need != need || gotOn >= lastPause {
		s = spell{need: need}
	}
	s.times++
	l.spells[number] = s
}

// gotOn notes that an attempt of the job ended without asking to wait.
func (l *lookout) gotOn(number int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.spells, number)
}

// urge lets a job start once without looking at what it needs.
func (l *lookout) urge(number int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.urged[number] = true
}

// isUrged reports whether the job was urged, and forgets it.
func (l *lookout) isUrged(number int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	urged := l.urged[number]
	delete(l.urged, number)
	return urged
}

// isNews reports whether it was not yet said that the thing is looked at next
// at that time, and notes that it is.
func (l *lookout) isNews(need task.Need, next time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if next.IsZero() || l.told[need].Equal(next) {
		return false
	}
	l.told[need] = next
	return true
}

// changed says that things of the kind may be there now.
func (l *lookout) changed(code string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, v := range l.vigils {
		v.look = v.look || v.need.Code == code
	}
	l.nudge()
}

func (l *lookout) nudge() {
	select {
	case l.news <- struct{}{}:
	default:
	}
}

// codes answers the kinds of things that are waited for.
func (l *lookout) codes() map[string]bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	codes := map[string]bool{}
	for _, v := range l.vigils {
		codes[v.need.Code] = true
	}
	return codes
}

// due takes the jobs whose thing may be there, by what they need and the most
// urgent first, and answers when the next one that has to pause first is due.
func (l *lookout) due(wall time.Time) (jobs map[task.Need][]entry, next time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	jobs = map[task.Need][]entry{}
	now := time.Now() // its monotonic part: setting the clock changes no pause
	for _, v := range l.vigils {
		switch {
		case !v.look:
		case !v.after.After(now):
			v.look = false
			jobs[v.need] = append(jobs[v.need], v.entry)
		case next.IsZero() || v.after.Before(next):
			next = v.after
		}
	}
	for _, waiting := range jobs {
		slices.SortFunc(waiting, func(a, b entry) int {
			return cmp.Or(cmp.Compare(effective(a.priority, a.due, wall), effective(b.priority, b.due, wall)), a.compare(&b))
		})
	}
	return jobs, next
}

// watches are the watches of the world that are kept up, by code.
type watches struct {
	ends  map[string]context.CancelFunc
	ended map[string]chan struct{} // when the last watch of a code is over
	going sync.WaitGroup
}

// keep begins the watches that are wanted and ends the others. Of one code there
// is one at a time.
func (w *watches) keep(ctx context.Context, l *lookout, wanted map[string]bool) {
	for code, end := range w.ends {
		if !wanted[code] {
			end()
			delete(w.ends, code)
		}
	}
	for code := range wanted {
		if w.ends[code] != nil {
			continue
		}
		watching, end := context.WithCancel(ctx)
		before, ended := w.ended[code], make(chan struct{})
		w.ends[code], w.ended[code] = end, ended
		w.going.Go(func() {
			defer close(ended)
			if before != nil {
				<-before
			}
			l.world.Watch(watching, code, func() { l.changed(code) })
		})
	}
}

// lookOut ends the waits of jobs until the context ends.
func (e *Engine) lookOut(ctx context.Context) {
	ctx, end := context.WithCancel(ctx)
	w := &watches{ends: map[string]context.CancelFunc{}, ended: map[string]chan struct{}{}}
	defer w.going.Wait()
	defer end()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		w.keep(ctx, e.lookout, e.lookout.codes())
		timer.Stop()
		if next := e.look(ctx); !next.IsZero() {
			timer.Reset(max(time.Until(next), 0))
		}
		select {
		case <-ctx.Done():
			return
		case <-e.lookout.news:
		case <-timer.C:
		}
	}
}

// look lets the jobs go on whose thing is there, and answers when to look
// again; never for the zero time.
func (e *Engine) look(ctx context.Context) time.Time {
	waiting, next := e.lookout.due(e.now())
	var asking sync.WaitGroup
	for need, jobs := range waiting {
		asking.Go(func() { // one that is slow to answer holds up no other
			if !e.world.Met(ctx, need) {
				e.tellNext(ctx, jobs, need)
				return
			}
			for _, job := range jobs {
				e.persist(func(ctx context.Context) error { return e.endWait(ctx, job.id, need) }, func(error) {})
			}
		})
	}
	asking.Wait()
	return next
}

// endWait lets a job go on, if that is still what it waits for.
func (e *Engine) endWait(ctx context.Context, id task.ID, need task.Need) error {
	_, err := e.change(ctx, []task.ID{id}, func(j *task.Job) error {
		if j.State == task.Queued && j.Waiting != nil && j.Waiting.Need == need {
			j.Waiting = nil
		}
		return nil
	}, nil)
	return err
}

// postpone lets a job wait that was given to a worker while something that it
// needs is away. It reports whether it did, and then has freed the worker.
func (e *Engine) postpone(a *attempt) bool {
	if !a.needs || e.lookout.isUrged(a.number) {
		return false
	}
	ctx := context.WithoutCancel(a.ctx)
	job, err := e.store.Job(ctx, a.id)
	if err != nil {
		return false // begin meets the same trouble, and deals with it
	}
	need, away := e.unmet(a.ctx, job)
	if !away || a.ctx.Err() != nil {
		return false
	}
	e.lookout.began(a.number, need, 0)
	e.persistOf(a, func(ctx context.Context) error { return e.putOff(ctx, a, need) })
	e.release(a)
	return true
}

// putOff stores what the job waits for and frees its worker.
func (e *Engine) putOff(ctx context.Context, a *attempt, need task.Need) error {
	defer e.turns.take(a.id)()
	changed, err := e.store.Change(ctx, []task.ID{a.id}, func(j *task.Job) error {
		if j.State == task.Queued && entryOf(j).keys == a.keys {
			wait(j, need, e.now())
		}
		return nil
	})
	if err != nil {
		return err
	}
	e.release(a)
	e.log.Info("job waits", "job", a.id, "task", changed[0].Task, "for", need.Code, "item", need.Item)
	e.took(changed...)
	return nil
}
