package engine_test

import (
	"context"
	"fmt"
	"slices"
	"testing/synctest"
	"time"

	"nectar/backend/task"
)

// modelled is what the model knows of a job: the rules of the specification
// in their plainest form. Delays are kept in true time, which no clock's owner
// can change, moments as the wall clock shows them.
type modelled struct {
	id       task.ID
	of       string // its task
	state    task.State
	wall     bool      // due is a moment
	due      time.Time // true time, or a moment
	planned  time.Time // true time; without meaning for a cron rule
	rule     task.Schedule
	ended    bool // the series was cancelled: there is no run by the rule
	extra    bool
	attempts int64
	retries  int64
	deaths   int64
	key      string
	since    time.Time // when it began to wait, in true time

	number     int64
	args       args
	request    string // the request id, if it has one
	priority   task.Priority
	placed     bool  // it was placed before others
	stick      bool  // it needs the stick
	skipped    int   // planned times that were canceled since it last ran
	urged      bool  // somebody wants it to run whatever is away
	asHigh     bool  // it was taken as one of high priority, or, placed before others, may have been: it takes the turn of the oldest of them
	problems   int64 // of the last attempt
	whole      bool  // it went through all its items
	problemsOf int64
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

// repeats reports whether there is a run by the rule after the next.
func (m *modelled) repeats() bool { return m.rule.Repeats() && !m.ended }

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
	if len(p.jobs) <= 24 {
		p.ask(p.fresh(s, len(p.jobs)))
	}
}

// enqueueSeveral asks for some jobs at once; of those that are alike, or not.
func (p *play1) enqueueSeveral(s step) {
	if len(p.jobs) > 20 {
		return
	}
	var all []asked
	for i := range 2 + s.B%3 {
		of := s
		if s.A%2 == 0 {
			of.Job, of.A, of.B = s.Job+7*i, s.A+11*i, s.B+5*i
		}
		name := len(p.jobs)
		if s.Job%2 == 0 {
			name += i
		}
		all = append(all, p.fresh(of, name))
	}
	p.ask(all...)
}

// asked is a job that is asked for.
type asked struct {
	job  *modelled
	when task.When
}

// fresh draws a job.
func (p *play1) fresh(s step, name int) asked {
	w := p.when(s)
	w.Priority = []task.Priority{task.High, task.Regular, task.Low}[s.Job%3]
	w.First = s.B%7 == 0
	m := &modelled{of: "test.work", args: args{Name: fmt.Sprint(name)}, priority: w.Priority, placed: w.First}
	if s.Job%4 == 0 {
		m.key = string(rune('a' + s.Job%3))
		m.args.Exclusive = m.key
	}
	switch s.Job % 5 {
	case 1:
		m.of, m.stick, m.args.Stick = "test.needing", true, "blue"
	case 2:
		m.of = "test.fixed"
	case 3:
		m.of = []string{"test.failing", "test.resuming"}[s.A%2]
	}
	if s.A%3 == 0 {
		m.request = fmt.Sprint("request ", s.A%10)
	}
	return asked{m, w}
}

// again asks for a job that may be there already: by its request id, or by
// its arguments unless one waits or runs.
func (p *play1) again(s step) {
	if len(p.jobs) == 0 || len(p.jobs) > 24 {
		return
	}
	old := p.jobs[s.Job%len(p.jobs)]
	w := p.when(s)
	w.Priority = old.priority
	w.IfNot = s.A%2 == 0 || old.request == ""
	m := &modelled{of: old.of, args: old.args, priority: w.Priority, key: old.key, stick: old.stick}
	if !w.IfNot {
		m.request = old.request
	}
	p.ask(asked{m, w})
}

// ask asks the engine for the jobs, all or none, of which each is one that is
// there if the model says so.
func (p *play1) ask(all ...asked) {
	var drafts []task.NewJob
	for _, a := range all {
		draft := drafted{}
		_, err := p.tasks[a.job.of].Enqueue(context.Background(), &draft, a.job.args)
		p.must(err)
		draft.job.When, draft.job.RequestID = &a.when, a.job.request
		drafts = append(drafts, draft.job)
	}
	stored, err := p.engine.Enqueue(context.Background(), drafts...)
	answered := stored.Jobs()
	if err != nil {
		answered = make([]task.Job, len(all))
	}
	jobs, legal := slices.Clone(p.jobs), true
	for i, a := range all {
		legal = p.insert(&jobs, a, &answered[i], err == nil) && legal
	}
	if !p.refused(err, legal) {
		p.jobs = jobs
	}
	p.sync()
}

// insert adds the job that is asked for to the others, puts it in the place of
// the one of its fixed id, or leaves the one that is there. It reports whether
// that is allowed.
func (p *play1) insert(jobs *[]*modelled, a asked, answered *task.Job, done bool) bool {
	m := a.job
	same := func(old *modelled) bool { return old.request == m.request && m.request != "" }
	if !slices.ContainsFunc(*jobs, same) {
		same = func(old *modelled) bool {
			return a.when.IfNot && !old.resting() && old.of == m.of && old.args == m.args
		}
	}
	if slices.ContainsFunc(*jobs, same) {
		if done && !slices.ContainsFunc(*jobs, func(old *modelled) bool { return same(old) && old.id == answered.ID }) {
			p.fail("answered job %s, want one that is there", answered.ID)
		}
		return true
	}
	m.id, m.number = answered.ID, answered.Number
	m.schedule(p, a.when)
	if done && (answered.State != m.state || !answered.Due.Equal(m.wallDue(p))) {
		p.fail("answered as %v due %v, want %v due %v", answered.State, answered.Due, m.state, m.wallDue(p))
	}
	place := slices.IndexFunc(*jobs, func(old *modelled) bool { return m.of == "test.fixed" && old.of == m.of })
	if place < 0 {
		*jobs = append(*jobs, m)
		return true
	}
	old := (*jobs)[place]
	if done && (m.id != old.id || m.number != old.number) {
		p.fail("job %s, number %d, is in the place of job %s, number %d", m.id, m.number, old.id, old.number)
	}
	m.attempts = old.attempts
	(*jobs)[place] = m
	return old.state != task.Running
}

// turn takes the stick away or brings it back.
func (p *play1) turn(away bool) {
	if away {
		p.things.take("blue")
	} else {
		p.things.bring("blue")
	}
	p.away = away
	p.sync()
}

// letWaitsEnd lets the pauses pass after which a job whose stick is there is
// looked at again. They last a minute at most.
func (p *play1) letWaitsEnd() {
	for range 70 {
		if !p.waitsInVain() {
			return
		}
		p.pass(time.Second)
	}
	p.fail("a job goes on waiting for what is there")
}

func (p *play1) waitsInVain() bool {
	for _, j := range p.all() {
		if j.Waiting != nil && !p.away {
			return true
		}
	}
	return false
}

func (m *modelled) schedule(p *play1, w task.When) {
	m.rule, m.ended, m.retries, m.deaths, m.extra, m.problemsOf, m.urged = w.Schedule, false, 0, 0, false, 0, false
	if w.Priority != 0 {
		m.priority = w.Priority
	}
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
	if m.ended || m.rule.Repeat == 0 || m.rule.Interval <= 0 {
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
	switch early := m.extra && m.repeats() && m.planned.After(now); {
	case m.rule.Cron != "" && !m.ended:
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
	m.retries, m.extra, m.problemsOf = 0, false, 0
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
	case missed && m.rule.Cron != "" && !m.ended:
		m.due = nextOf(m.rule.Cron, p.wallNow())
		m.retries, m.extra, m.problemsOf = 0, false, 0
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
	m.asHigh = m.placed || m.effective(p) == task.High
	m.state, m.problems, m.urged, m.skipped = task.Running, 0, false, 0
	m.attempts++
	m.extra = m.extra && m.repeats() && m.planned.After(now)
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
	m.deaths, m.whole = 0, false
	p.ended = []*modelled{m}
	defer func() { p.ended = nil }()
	delay := durations[s.B%5]
	if s.Job%4 == 3 {
		m.problems = 1
		x.run.Problem(task.Problem{Code: "broken", Item: "a file"})
	}
	if m.stick && s.B%3 == 0 {
		p.things.take("blue")
		p.away = true
		x.end <- func(run *task.Run) error { return run.WaitFor(stick("blue")) }
		m.state = task.Queued
		synctest.Wait()
		p.sync()
		p.pass(2 * time.Minute) // of which every pause is over
		return
	}
	switch s.A % 6 {
	case 0, 1:
		x.end <- func(*task.Run) error { return nil }
		m.problemsOf, m.whole = 0, true
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
	if len(p.jobs) > 0 {
		p.actOn(s, p.jobs[s.Job%len(p.jobs)])
	}
}

// actOnSeveral does something to some jobs at once, to all or to none.
func (p *play1) actOnSeveral(s step) {
	if len(p.jobs) < 2 {
		return
	}
	many := min(2+s.B%3, len(p.jobs))
	var chosen []*modelled
	for i := range many {
		chosen = append(chosen, p.jobs[(s.Job+i)%len(p.jobs)])
	}
	if s.B%2 == 0 { // those alone that it may be done to
		action := p.action(s)
		chosen = slices.DeleteFunc(slices.Clone(p.jobs), func(m *modelled) bool { return !m.allows(action) })
		chosen = chosen[:min(many, len(chosen))]
	}
	if len(chosen) > 0 {
		p.actOn(s, chosen...)
	}
}

func (p *play1) action(s step) task.Action {
	actions := []task.Action{
		task.Restart, task.Cancel, task.CancelSeries, task.Pause, task.Unpause, task.RunNow, task.First, task.RetryProblems,
		task.Clear, task.Delete,
	}
	return actions[s.A%len(actions)]
}

// actOn does something to the jobs, which is refused for all if it is not
// allowed for one.
func (p *play1) actOn(s step, chosen ...*modelled) {
	action := p.action(s)
	p.doing += fmt.Sprintf(": %s of", action)
	legal, ids := true, []task.ID{}
	for _, m := range chosen {
		p.doing += fmt.Sprintf(" job %s, which is %v", m.id, m.state)
		legal, ids = legal && m.allows(action), append(ids, m.id)
		if m.state == task.Running {
			p.ended = append(p.ended, m) // if it is cancelled
		}
	}
	defer func() { p.ended = nil }()
	answered, err := p.engine.Do(context.Background(), action, ids...)
	if p.refused(err, legal) {
		synctest.Wait()
		p.sync()
		return
	}
	if len(answered) != len(ids) {
		p.fail("%d jobs are answered of %d", len(answered), len(ids))
	}
	for i, m := range chosen {
		if answered[i].ID != m.id {
			p.fail("job %s is answered for job %s", answered[i].ID, m.id)
		}
		m.change(p, action)
	}
	synctest.Wait()
	p.sync()
}

// change is what an action that is allowed makes of the job.
func (m *modelled) change(p *play1, action task.Action) {
	m.plan(p)
	now := p.trueNow()
	of := m.problemsOf
	if of == 0 {
		of = m.attempts
	}
	switch action {
	case task.Restart:
		m.ended = false
		m.restart(now)
	case task.CancelSeries, task.Cancel:
		m.ended = m.ended || action == task.CancelSeries && m.rule.Repeats()
		m.whole = false
		if m.state == task.Running {
			m.deaths = 0
		} else {
			m.skipped++
		}
		m.rest(p, task.Canceled, m.state != task.Running)
	case task.Pause:
		if m.state == task.Running {
			m.deaths, m.whole = 0, false
		}
		m.state = task.Paused
	case task.Unpause:
		since := m.since
		m.wait(p)
		m.since = since
	case task.RunNow:
		m.urged = m.stick && m.state == task.Queued
		m.runNow(now)
	case task.RetryProblems:
		if m.resting() {
			m.restart(now)
		} else {
			m.runNow(now)
		}
		m.problemsOf = of
	case task.Clear, task.Delete:
		p.jobs = slices.DeleteFunc(slices.Clone(p.jobs), func(of *modelled) bool { return of == m })
	case task.First:
		m.placed = true
	}
}

// cancelAll ends all jobs of a task. One that waits may still get the worker
// of one that was ended before it.
func (p *play1) cancelAll(s step) {
	name := []string{"test.work", "test.work", "test.needing", "test.fixed"}[s.A%4]
	var open []*modelled
	for _, m := range p.jobs {
		if m.of == name && !m.resting() {
			open = append(open, m)
		}
	}
	count, err := p.tasks[name].CancelAll(context.Background(), p.engine)
	p.must(err)
	if count != len(open) {
		p.fail("%d jobs are canceled, want %d", count, len(open))
	}
	synctest.Wait()
	stored := p.all()
	for _, m := range open {
		if m.state == task.Queued && stored[m.id].Attempts == m.attempts+1 {
			m.begin(p)
		}
		m.change(p, task.CancelSeries)
	}
	p.sync()
}

// plan notes the planned time of a moment, which stays what the clock on the
// wall says, however that is set.
func (m *modelled) plan(p *play1) {
	if m.wall && m.rule.Cron == "" {
		m.planned = m.trueDue(p)
	}
}

func (m *modelled) restart(now time.Time) {
	m.retries, m.deaths, m.problemsOf = 0, 0, 0
	m.due, m.since, m.planned, m.wall, m.state = now, now, now, false, task.Queued
}

func (m *modelled) runNow(now time.Time) {
	if m.state == task.Scheduled {
		m.extra = m.repeats() && (m.planned.After(now) || m.rule.Cron != "")
		m.due, m.since, m.wall, m.state = now, now, false, task.Queued
	}
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
		planned := m.state == task.Scheduled && m.repeats() && (m.wall || m.due.Equal(m.planned))
		return (m.problems > 0 && m.whole || m.problemsOf > 0) && (m.resting() || planned)
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
	var began []*modelled
	for _, m := range p.jobs {
		j := stored[m.id]
		if m.state == task.Queued && j.State == task.Running {
			if m.stick && p.away && !m.urged {
				p.fail("job %s began without its stick", m.id)
			}
			m.begin(p)
			began = append(began, m)
		}
		if p.jumped && m.state == task.Scheduled && m.wall && j.State == task.Scheduled {
			m.adoptCron(p) // a planned time that it ran at before may be left out
		}
	}
	for _, m := range began {
		if !m.placed {
			p.checkOrder(m, stored)
		}
		m.placed = false
	}
}

// effective is the priority that a job counts as now.
func (m *modelled) effective(p *play1) task.Priority {
	if p.trueNow().Sub(m.trueDue(p)) >= 10*time.Minute {
		return m.priority.Raised()
	}
	return m.priority
}

// eligible reports whether nothing but a worker is wanting.
func (m *modelled) eligible(p *play1) bool {
	return m.state == task.Queued && !p.held && (!m.stick || !p.away && !m.urged)
}

// busy answers how many of the running jobs were taken as of high
// priority, and how many run.
func (p *play1) busy() (high, all int) {
	for _, m := range p.jobs {
		if m.state == task.Running {
			all++
			if m.asHigh {
				high++
			}
		}
	}
	return high, all
}

// checkOrder checks that a job which began was before those that go on
// waiting. What was placed before others, or waits for a key, is left out, and
// what its worker has only just ended: that takes its next job in one step.
func (p *play1) checkOrder(m *modelled, stored map[task.ID]task.Job) {
	high, _ := p.busy()
	took := m.effective(p)
	for _, w := range p.jobs {
		if !w.eligible(p) || w.key != "" || w.placed || slices.Contains(p.ended, w) {
			continue
		}
		counts := w.effective(p)
		mine, theirs := stored[m.id].Due, stored[w.id].Due
		earlier := theirs.Before(mine) || theirs.Equal(mine) && w.number < m.number
		guarded := took == task.Regular && high >= p.regular+p.high-1
		switch {
		case counts == task.High && took != task.High && !guarded,
			counts == task.Regular && took == task.Low,
			counts == took && earlier:
			p.fail("job %s (%v, due %v) began before job %s (%v, due %v)", m.id, took, mine, w.id, counts, theirs)
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
	running, held := 0, map[string]bool{"": false}
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
	high, _ := p.busy()
	for _, m := range p.jobs {
		if !m.eligible(p) || held[m.key] {
			continue
		}
		spare := m.effective(p) == task.High && !m.placed && high < p.regular+p.high-1 && running < p.regular+p.high
		if running < p.regular || spare {
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
	want := fmt.Sprintf("%v repeat %d cron %q ended %v retries %d attempts %d problems %d of %d", m.state, m.rule.Repeat, m.rule.Cron, m.ended, m.retries, m.attempts, m.problems, m.problemsOf)
	got := fmt.Sprintf("%v repeat %d cron %q ended %v retries %d attempts %d problems %d of %d", j.State, j.Schedule.Repeat, j.Schedule.Cron, j.SeriesCanceled, j.Retries, j.Attempts, j.Problems, j.ProblemsOf)
	if !m.resting() {
		want += fmt.Sprintf(" due %v wall %v", m.wallDue(p).UTC(), m.wall)
		got += fmt.Sprintf(" due %v wall %v", j.Due.UTC(), j.Wall)
		if m.rule.Cron == "" && m.repeats() && !m.wall {
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
	if j.State == task.Scheduled && j.Due.Sub(p.wallNow()) > time.Duration(2+m.skipped)*m.period() {
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
	m.whole = j.Outcome == task.OutcomeCompleted
	switch was := m.state; {
	case was.Resting():
		return
	case was == task.Running && !died:
		m.state, m.deaths = task.Queued, 0
	case was == task.Running && m.of == "test.failing":
		if !m.repeats() && j.State != task.Failed && j.State != task.Completed {
			p.fail("job %s is %v, and must not be run again unasked", m.id, j.State)
		}
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
		m.problems, m.problemsOf, m.urged = j.Problems, j.ProblemsOf, false
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
			if m.state == task.Scheduled || m.state == task.Queued {
				m.wait(p)
			}
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
	p.turn(false)
	p.pauseQueue(false)
	p.do(step{What: "resize", A: 3, B: 2})
	for _, m := range p.jobs {
		if m.state == task.Paused {
			_, err := p.engine.Resume(context.Background(), []task.ID{m.id})
			p.must(err)
			m.plan(p)
			m.wait(p)
		}
	}
	p.sync()
	for range 400 {
		for p.pick(step{}, func(m *modelled) bool { return m.state == task.Running }) != nil {
			p.end(step{B: 1})
			p.check()
		}
		open := p.pick(step{}, func(m *modelled) bool {
			return !m.resting() && (m.ended || m.rule.Cron == "" && m.rule.Repeat >= 0) && m.trueDue(p).Sub(p.trueNow()) < 30*day
		})
		if open == nil {
			return
		}
		p.pass(day)
		p.check()
	}
	p.fail("not everything comes to rest")
}
