package engine_test

import (
	"context"
	"fmt"
	"testing/synctest"
	"time"

	"nectar/backend/task"
)

// modelled is what the model knows of a job: the rules of the specification
// in their plainest form. Delays are kept in true time, which no clock's owner
// can change, moments as the wall clock shows them.
type modelled struct {
	id       task.ID
	state    task.State
	wall     bool      // due is a moment
	due      time.Time // true time, or a moment
	planned  time.Time // true time; without meaning for a cron rule
	rule     task.Schedule
	extra    bool
	attempts int64
	retries  int64
	deaths   int64
	key      string
	since    time.Time // when it began to wait, in true time
}

var hourly, daily = "CRON_TZ=UTC 30 * * * *", "CRON_TZ=UTC 15 4 * * *"

func (p *play1) wallNow() time.Time { return p.clock.Now() }

// trueNow goes on while the laptop sleeps.
func (p *play1) trueNow() time.Time { return epoch().Add(p.clock.Elapsed()) }

func (p *play1) toWall(at time.Time) time.Time { return p.wallNow().Add(at.Sub(p.trueNow())) }
func (p *play1) toTrue(at time.Time) time.Time { return p.trueNow().Add(at.Sub(p.wallNow())) }

func (m *modelled) wallDue(p *play1) time.Time {
	if m.wall {
		return m.due
	}
	return p.toWall(m.due)
}

func (m *modelled) trueDue(p *play1) time.Time {
	if m.wall {
		return p.toTrue(m.due)
	}
	return m.due
}

func (m *modelled) resting() bool { return m.state.Resting() }

// when draws a schedule.
func (p *play1) when(s step) task.When {
	var w task.When
	delay := durations[s.A%len(durations)]
	switch s.B % 6 {
	case 1:
		w.In = delay
	case 2:
		w.At = p.wallNow().Add(delay - time.Minute).Truncate(time.Second)
	case 3, 4:
		w.In = delay
		w.Schedule.Repeat, w.Schedule.Interval = []int64{1, 2, 3, task.Forever}[s.A%4], durations[3+s.B%4]
		if s.B%6 == 4 {
			w.At, w.In = p.wallNow().Add(delay).Truncate(time.Second), 0
		}
	case 5:
		w.Schedule.Cron = []string{hourly, daily}[s.A%2]
	}
	if w.Schedule.Repeats() {
		w.Schedule.CatchUp = []task.CatchUp{task.CatchUpOnce, task.CatchUpSkip}[s.A/7%2]
	}
	if s.A%5 == 0 {
		interval := durations[s.B%5]
		w.Schedule.RetryInterval = &interval
		if s.A%2 == 0 {
			most := int64(s.B % 3)
			w.Schedule.MaxRetries = &most
		}
	}
	return w
}

func (p *play1) enqueue(s step) {
	if len(p.jobs) > 24 {
		return
	}
	w := p.when(s)
	w.Priority = []task.Priority{task.High, task.Regular, task.Low}[s.Job%3]
	w.First = s.B%7 == 0
	m := &modelled{}
	if s.Job%4 == 0 {
		m.key = string(rune('a' + s.Job%3))
	}
	draft := drafted{}
	_, err := p.work.Enqueue(context.Background(), &draft, args{Exclusive: m.key, Name: fmt.Sprint(len(p.jobs))})
	p.must(err)
	draft.job.When = w
	jobs, err := p.engine.Enqueue(context.Background(), draft.job)
	p.must(err)
	m.id = jobs[0].ID
	m.schedule(p, w)
	if jobs[0].State != m.state || !jobs[0].Due.Equal(m.wallDue(p)) {
		p.fail("answered as %v due %v, want %v due %v", jobs[0].State, jobs[0].Due, m.state, m.wallDue(p))
	}
	p.jobs = append(p.jobs, m)
	p.sync()
}

func (m *modelled) schedule(p *play1, w task.When) {
	m.rule, m.retries, m.deaths, m.extra = w.Schedule, 0, 0, false
	m.state, m.wall, m.due = task.Queued, false, p.trueNow()
	switch {
	case !w.At.IsZero():
		m.wall, m.due = true, w.At
	case w.In > 0:
		m.due = p.trueNow().Add(w.In)
	case w.Schedule.Cron != "":
		m.wall, m.due = true, nextOf(w.Schedule.Cron, p.wallNow())
	}
	m.planned = m.trueDue(p)
	m.wait(p)
}

// wait is SCHEDULED until the due time, then QUEUED.
func (m *modelled) wait(p *play1) {
	m.since = p.trueNow()
	if m.trueDue(p).After(p.trueNow()) {
		m.state = task.Scheduled
		return
	}
	m.state, m.due, m.wall = task.Queued, m.trueDue(p), false
}

func nextOf(cron string, after time.Time) time.Time {
	rule, err := task.ParseCron(cron)
	if err != nil {
		panic(err)
	}
	return rule.Next(after.UTC())
}

// next answers the first repeat at or after the time; otherwise the last one
// that has passed by it, if merged is asked for.
func (m *modelled) next(from time.Time, merged bool) (time.Time, bool) {
	if m.rule.Repeat == 0 || m.rule.Interval <= 0 {
		return time.Time{}, false
	}
	at := m.planned.Add(m.rule.Interval)
	for at.Before(from) && !at.Add(m.rule.Interval).After(from) {
		at = at.Add(m.rule.Interval)
	}
	if at.Before(from) && !merged {
		at = at.Add(m.rule.Interval)
	}
	return at, true
}

// rest is the end of a run.
func (m *modelled) rest(p *play1, final task.State, skip bool) {
	now := p.trueNow()
	switch early := m.extra && m.rule.Repeats() && m.planned.After(now); {
	case m.rule.Cron != "":
		from := p.wallNow()
		if skip && m.wall && m.due.After(from) {
			from = m.due
		}
		m.due, m.wall = nextOf(m.rule.Cron, from), true
	case early:
		m.due, m.wall = m.planned, false
	default:
		from, merged := now, m.rule.CatchUp != task.CatchUpSkip
		if skip {
			merged = false
			if m.planned.After(from) {
				from = m.planned
			}
		}
		at, again := m.next(from, merged)
		if !again {
			m.state, m.extra = final, false
			return
		}
		if m.rule.Repeat > 0 {
			m.rule.Repeat--
		}
		m.due, m.planned, m.wall = at, at, false
	}
	m.retries, m.extra = 0, false
	m.wait(p)
}

// comeDue is what happens when the due time has come.
func (m *modelled) comeDue(p *play1) {
	now := p.trueNow()
	if m.state != task.Scheduled || m.trueDue(p).After(now) {
		return
	}
	missed := now.Sub(m.trueDue(p)) > time.Minute && (m.wall || m.due.Equal(m.planned)) && m.rule.CatchUp == task.CatchUpSkip
	if m.wall {
		m.planned = m.trueDue(p)
	}
	switch at, again := m.next(now, false); {
	case missed && m.rule.Cron != "":
		m.due = nextOf(m.rule.Cron, p.wallNow())
		m.retries, m.extra = 0, false
	case missed && again:
		m.due, m.planned, m.wall = at, at, false
	default:
		m.due, m.wall = m.trueDue(p), false
		m.state = task.Queued
		return
	}
	m.wait(p)
}

// begin is the start of an attempt.
func (m *modelled) begin(p *play1) {
	now := p.trueNow()
	m.state = task.Running
	m.attempts++
	m.extra = m.extra && m.rule.Repeats() && m.planned.After(now)
	if at, again := m.next(now, m.rule.CatchUp != task.CatchUpSkip); again && m.rule.Cron == "" && !at.After(now) {
		m.planned = at
	}
}

// end lets a running function return.
func (p *play1) end(s step) {
	m := p.pick(s, func(m *modelled) bool { return m.state == task.Running })
	if m == nil {
		return
	}
	p.mu.Lock()
	x := p.running[m.id]
	p.mu.Unlock()
	if x == nil {
		p.fail("job %s is RUNNING and its function is not", m.id)
	}
	m.deaths = 0
	delay := durations[s.B%5]
	switch s.A % 6 {
	case 0, 1:
		x.end <- func(*task.Run) error { return nil }
		m.rest(p, task.Completed, false)
	case 2, 3, 4:
		x.end <- func(*task.Run) error {
			if s.A%6 == 4 {
				panic("as the test asks for")
			}
			return errBroken
		}
		if r := m.rule; r.RetryInterval != nil && (r.MaxRetries == nil || m.retries < *r.MaxRetries) {
			m.retries++
			m.due, m.wall = p.trueNow().Add(*r.RetryInterval), false
			m.wait(p)
		} else {
			m.rest(p, task.Failed, false)
		}
	case 5:
		x.end <- func(run *task.Run) error {
			run.RetryIn(delay, task.Overrides{})
			return errBroken
		}
		m.due, m.wall = p.trueNow().Add(delay), false
		m.wait(p)
	}
	synctest.Wait()
	p.sync()
}

func (p *play1) pick(s step, fits func(*modelled) bool) *modelled {
	for i := range p.jobs {
		if m := p.jobs[(s.Job+i)%len(p.jobs)]; fits(m) {
			return m
		}
	}
	return nil
}

// act does something to one job, whether that is allowed or not.
func (p *play1) act(s step) {
	if len(p.jobs) == 0 {
		return
	}
	m := p.jobs[s.Job%len(p.jobs)]
	actions := []task.Action{
		task.Restart, task.Cancel, task.CancelSeries, task.Pause, task.Unpause, task.RunNow, task.First, task.Clear, task.Delete,
	}
	action := actions[s.A%len(actions)]
	p.doing += fmt.Sprintf(": %s of job %s, which is %v", action, m.id, m.state)
	_, err := p.engine.Do(context.Background(), action, m.id)
	if p.refused(err, m.allows(action)) {
		return
	}
	if m.wall && m.rule.Cron == "" {
		m.planned = m.trueDue(p) // a moment stays what the clock on the wall says, however that is set
	}
	now := p.trueNow()
	switch action {
	case task.Restart:
		m.retries, m.deaths, m.due, m.since, m.planned, m.wall, m.state = 0, 0, now, now, now, false, task.Queued
	case task.CancelSeries, task.Cancel:
		if action == task.CancelSeries {
			m.rule.Repeat, m.rule.Cron = 0, ""
		}
		if m.state == task.Running {
			m.deaths = 0
		}
		m.rest(p, task.Canceled, m.state != task.Running)
	case task.Pause:
		if m.state == task.Running {
			m.deaths = 0
		}
		m.state = task.Paused
	case task.Unpause:
		since := m.since
		m.wait(p)
		m.since = since
	case task.RunNow:
		if m.state == task.Scheduled {
			m.extra = m.rule.Repeats() && (m.planned.After(now) || m.rule.Cron != "")
			m.due, m.since, m.wall, m.state = now, now, false, task.Queued
		}
	case task.Clear, task.Delete:
		for i := range p.jobs {
			if p.jobs[i] == m {
				p.jobs = append(p.jobs[:i], p.jobs[i+1:]...)
				break
			}
		}
	case task.First, task.RetryProblems:
	}
	synctest.Wait()
	p.sync()
}

func (m *modelled) allows(action task.Action) bool {
	switch action {
	case task.Restart, task.Clear:
		return m.resting()
	case task.Cancel, task.CancelSeries:
		return !m.resting()
	case task.Pause:
		return !m.resting()
	case task.Unpause:
		return m.state == task.Paused
	case task.RunNow:
		return m.state == task.Scheduled || m.state == task.Queued
	case task.First:
		return m.state == task.Queued
	case task.Delete:
		return m.state != task.Running
	case task.RetryProblems:
	}
	return false
}

func (p *play1) update(s step) {
	if len(p.jobs) == 0 {
		return
	}
	m := p.jobs[s.Job%len(p.jobs)]
	w := p.when(s)
	_, err := p.engine.Reschedule(context.Background(), w, m.id)
	if p.refused(err, m.state != task.Running) {
		return
	}
	m.schedule(p, w)
	p.sync()
}

// pass lets time go by, from one due time to the next.
func (p *play1) pass(d time.Duration) {
	for end := p.trueNow().Add(d); ; {
		at := end
		for _, m := range p.jobs {
			due := m.trueDue(p)
			if m.state == task.Queued { // it may get a worker when it counts as one priority higher
				due = due.Add(10 * time.Minute)
			}
			waits := m.state == task.Scheduled || m.state == task.Queued
			if waits && due.After(p.trueNow()) && due.Before(at) {
				at = due
			}
		}
		pass(at.Sub(p.trueNow()))
		p.sync()
		if !at.Before(end) {
			return
		}
	}
}

// sync brings the model up to the present: what has come due is, and what a
// worker took is seen to run.
func (p *play1) sync() {
	synctest.Wait()
	for _, m := range p.jobs {
		m.comeDue(p)
	}
	stored := p.all()
	for _, m := range p.jobs {
		j := stored[m.id]
		if m.state == task.Queued && j.State == task.Running {
			m.begin(p)
		}
		if p.jumped && m.state == task.Scheduled && m.wall && j.State == task.Scheduled {
			m.adoptCron(p) // a planned time that it ran at before may be left out
		}
	}
}

// check compares every job with the model.
func (p *play1) check() {
	p.mu.Lock()
	doubled, executions := p.doubled, len(p.running)
	p.mu.Unlock()
	if doubled != "" {
		p.fail("%s", doubled)
	}
	stored := p.all()
	if len(stored) != len(p.jobs) {
		p.fail("%d jobs are stored, want %d", len(stored), len(p.jobs))
	}
	counts := map[task.State]int64{}
	running, held := 0, map[string]bool{}
	for _, m := range p.jobs {
		j, found := stored[m.id]
		if !found {
			p.fail("job %s is lost", m.id)
		}
		m.compare(p, &j)
		counts[j.State]++
		if j.State == task.Running {
			running++
			held[m.key] = m.key != ""
		}
	}
	if running != executions {
		p.fail("%d jobs are RUNNING, and %d functions are", running, executions)
	}
	for _, m := range p.jobs {
		if m.state == task.Queued && running < p.regular && !held[m.key] && !p.held {
			p.fail("job %s waits though %d of %d workers are free", m.id, p.regular-running, p.regular)
		}
	}
	listed, err := p.store.List(context.Background(), task.Filter{Readable: task.Readable{All: true}}, task.Page{Limit: 1})
	p.must(err)
	for _, state := range task.States() {
		if listed.Counts[state] != counts[state] {
			p.fail("%d jobs are counted as %v, want %d", listed.Counts[state], state, counts[state])
		}
	}
}

func (m *modelled) compare(p *play1, j *task.Job) {
	want := fmt.Sprintf("%v repeat %d retries %d attempts %d", m.state, m.rule.Repeat, m.retries, m.attempts)
	got := fmt.Sprintf("%v repeat %d retries %d attempts %d", j.State, j.Schedule.Repeat, j.Retries, j.Attempts)
	if !m.resting() {
		want += fmt.Sprintf(" due %v wall %v", m.wallDue(p).UTC(), m.wall)
		got += fmt.Sprintf(" due %v wall %v", j.Due.UTC(), j.Wall)
		if m.rule.Cron == "" && m.rule.Repeats() && !m.wall {
			want += fmt.Sprintf(" planned %v", p.toWall(m.planned).UTC())
			got += fmt.Sprintf(" planned %v", j.Planned.UTC())
		}
	}
	if want != got {
		p.fail("job %s is %s\nwant %s\nnow %v", m.id, got, want, p.wallNow().UTC())
	}
}

// period answers the pause between two planned times.
func (m *modelled) period() time.Duration {
	if m.rule.Cron == daily {
		return day
	}
	return time.Hour
}

// adoptCron takes over the planned time of a cron job after the clock was set,
// if it is one that may be.
func (m *modelled) adoptCron(p *play1) {
	if m.rule.Cron == "" {
		return
	}
	j := p.all()[m.id]
	if (j.State == task.Running || j.State == task.Queued) && m.state == task.Scheduled { // missed
		m.state, m.wall = task.Queued, false
		m.due = p.toTrue(j.Due)
		return
	}
	if !j.Wall {
		return
	}
	if at := nextOf(m.rule.Cron, j.Due.Add(-time.Second)); !at.Equal(j.Due) {
		p.fail("job %s is due at %v, which its rule does not plan", m.id, j.Due)
	}
	if j.State == task.Scheduled && j.Due.Sub(p.wallNow()) > 2*m.period() {
		p.fail("job %s starves until %v; it is %v", m.id, j.Due, p.wallNow())
	}
	m.due = j.Due
}

// adoptRestart takes over what a restart of the program has made of a job, if
// it may.
func (m *modelled) adoptRestart(p *play1, died bool, by time.Duration) {
	j, found := p.all()[m.id]
	if !found {
		p.fail("job %s is lost over a restart", m.id)
	}
	switch was := m.state; {
	case was.Resting():
		return
	case was == task.Running && !died:
		m.state, m.deaths = task.Queued, 0
	case was == task.Running && j.State == task.Failed:
		if j.Interruptions < 5 {
			p.fail("job %s failed for %d deaths", m.id, j.Interruptions)
		}
		m.state = task.Failed
	}
	m.adopt(p, &j, died, by)
}

func (m *modelled) adopt(p *play1, j *task.Job, died bool, by time.Duration) {
	if died { // what was under way may or may not have been stored
		m.attempts, m.retries, m.rule.Repeat = j.Attempts, j.Retries, j.Schedule.Repeat
		if j.State == task.Running {
			m.attempts--
		}
		if m.state == task.Running || m.state == task.Queued {
			m.state, m.extra = j.State, j.Extra
			if j.State == task.Running {
				m.state = task.Queued
			}
			m.wall, m.due = j.Wall, j.Due
			if !j.Wall {
				m.due = p.toTrue(j.Due)
			}
			m.planned = p.toTrue(j.Planned)
			return
		}
	}
	if m.rule.Cron != "" {
		m.adoptCron(p)
		if by != 0 && !j.Wall {
			m.due, m.wall = p.toTrue(j.Due), false
			if m.state == task.Scheduled {
				m.state = task.Queued
			}
			m.wait(p)
		}
		return
	}
	if by == 0 || m.wall {
		return
	}
	left := p.toTrue(j.Due).Sub(p.trueNow())
	if full := m.due.Sub(m.since); left > max(full, 0)+m.rule.Interval && j.State == task.Scheduled {
		p.fail("job %s waits for %v more, of %v at first", m.id, left, full)
	}
	m.due, m.planned, m.since = p.toTrue(j.Due), p.toTrue(j.Planned), p.toTrue(j.Since)
}

// bringToRest lets everything happen that is to happen.
func (p *play1) bringToRest() {
	p.pauseQueue(false)
	p.do(step{What: "resize", A: 3, B: 2})
	for _, m := range p.jobs {
		if m.state == task.Paused {
			_, err := p.engine.Resume(context.Background(), []task.ID{m.id})
			p.must(err)
			m.wait(p)
		}
	}
	p.sync()
	for range 400 {
		for p.pick(step{}, func(m *modelled) bool { return m.state == task.Running }) != nil {
			p.end(step{})
			p.check()
		}
		open := p.pick(step{}, func(m *modelled) bool {
			return !m.resting() && m.rule.Cron == "" && m.rule.Repeat >= 0 && m.trueDue(p).Sub(p.trueNow()) < 30*day
		})
		if open == nil {
			return
		}
		p.pass(day)
		p.check()
	}
	p.fail("not everything comes to rest")
}
