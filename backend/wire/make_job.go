package wire

import (
	"encoding/json"
	"math"
	"strconv"
	"time"

	"github.com/samber/lo"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/task"
)

// Job makes the JSON of a job.
func (m *Maker) Job(live engine.Live) Job {
	d, installed := m.registry.Lookup(live.Task)
	can := func(action task.Action) bool { return engine.Can(action, live.Job, d, time.Now()) }
	j := Job{
		ID:                string(live.ID),
		Type:              live.Task,
		Status:            live.State.String(),
		Queue:             live.Queue,
		Priority:          live.Priority.String(),
		Args:              objectOf(live.Args),
		ExtraMetadata:     objectOf(live.Metadata),
		Unit:              string(live.Unit),
		Progress:          live.Progress,
		TotalProgress:     live.Total,
		Percentage:        percentage(live),
		Rate:              math.Round(live.Rate*10) / 10,
		RemainingSeconds:  live.Remaining,
		Cancellable:       can(task.Cancel),
		Pausable:          can(task.Pause),
		Clearable:         can(task.Clear),
		Restartable:       can(task.Restart),
		Installed:         installed,
		ScheduledDatetime: stampOrNull(live.Due),
		RepeatInterval:    int64(live.Schedule.Interval.Seconds()),
		Cron:              live.Schedule.Cron,
		SeriesCanceled:    live.SeriesCanceled,
		CatchUp:           string(live.Schedule.CatchUp),
		MaxRetries:        live.Schedule.MaxRetries,
		Attempts:          live.Attempts,
		LastOutcome:       textOrNull(string(live.Outcome)),
		StartedBy:         live.StartedBy,
		StartedByName:     live.StartedByName,
		RequestID:         textOrNull(live.RequestID),
		Created:           stamp(live.Created),
		Started:           stampOrNull(live.Started),
		Finished:          stampOrNull(live.Finished),
		ProblemCount:      live.Problems,
		ProblemsOnly:      live.ProblemsOf != 0,
	}
	if live.Schedule.Repeat != task.Forever {
		j.Repeat = &live.Schedule.Repeat
	}
	if r := live.Schedule.RetryInterval; r != nil {
		j.RetryInterval = lo.ToPtr(int64(r.Seconds()))
	}
	if len(live.Result) > 0 {
		_ = json.Unmarshal(live.Result, &j.Result) // null when it is damaged
	}
	j.Waiting = waitingOf(live)
	j.Interrupted = m.unattended && live.State.Active()
	if f := live.Failure; f != nil {
		message, advice := m.sentence(f.Code, f.Params)
		j.Exception, j.Error, j.Advice = lo.ToPtr(string(f.Code)), &message, textOrNull(advice)
		j.Traceback = f.Detail
	}
	j.StatusTitle, j.StatusText = m.status(live, d, j)
	return j
}

// status says in words what the job is about and what is going on. Without
// words of the task's own it is the task's summary and the state.
func (m *Maker) status(live engine.Live, d *task.Definition, j Job) (title, text string) {
	title = live.Task
	if d != nil {
		title = m.declared(d, "summary", d.Summary)
		words := d.Describe(live.Job)
		if words.Title != "" {
			params := words.TitleParams
			if params == nil {
				params = words.Params
			}
			title = m.Text(words.Title, params)
		}
		if words.Text != "" && !j.Interrupted && (j.Waiting == nil || !live.State.Active()) { // it ran, and waits for the disk
			return title, m.Text(words.Text, words.Params)
		}
	}
	switch {
	case j.Interrupted:
		return title, m.Text("interrupted."+nextOf(live.State, d), nil)
	case j.Waiting != nil:
		return title, m.WaitText(*j.Waiting)
	case j.Error != nil:
		return title, *j.Error
	}
	return title, m.StateText(live.State)
}

// nextOf names what becomes of a job that was interrupted in a state, at the next
// start of the engine.
func nextOf(state task.State, d *task.Definition) string {
	switch {
	case state == task.Canceling:
		return "cancels"
	case state == task.Running && d != nil && d.OnInterruption == task.FailInterrupted:
		return "fails"
	}
	return "goes_on"
}

// StateText is the word for a state. Where no process runs jobs, those that a
// worker has according to what is stored are interrupted.
func (m *Maker) StateText(state task.State) string {
	if m.unattended && state.Active() {
		return m.Text("state.interrupted", nil)
	}
	return m.Text("state."+state.String(), nil)
}

// afterOthers is the code of a job that waits for other jobs.
const afterOthers = "after_others"

func waitingOf(live engine.Live) *Waiting {
	switch w := live.Waiting; {
	case w != nil:
		waiting := &Waiting{Code: w.Code, Item: w.Item, Since: stamp(w.Since)}
		if live.NextLook > 0 {
			waiting.NextIn = lo.ToPtr(int(math.Ceil(live.NextLook.Seconds())))
		}
		return waiting
	case live.Behind > 0:
		return &Waiting{Code: afterOthers, Item: strconv.Itoa(live.Behind), Since: stamp(live.Due)}
	}
	return nil
}

// WaitText says in words what a job waits for.
func (m *Maker) WaitText(w Waiting) string {
	params := fault.Params{"item": w.Item}
	if count, err := strconv.Atoi(w.Item); err == nil && w.Code == afterOthers {
		params["count"] = count
	}
	if w.NextIn != nil {
		params["count"] = *w.NextIn
		w.Code += "_next"
	}
	return m.Text("waiting."+w.Code, params)
}

// Detail makes the JSON of a job with its history.
func (m *Maker) Detail(d service.Detail) JobDetail {
	detail := JobDetail{Job: m.Job(d.Live), Problems: []Problem{}, History: []Attempt{}, Log: []LogLine{}}
	for _, p := range d.Problems {
		message, _ := m.sentence(p.Code, p.Params)
		detail.Problems = append(detail.Problems, Problem{Code: string(p.Code), Message: message, Item: p.Item})
	}
	for _, a := range d.History {
		attempt := Attempt{
			Attempt: a.Number, Started: stamp(a.Started),
			Finished: stampOrNull(a.Finished), Outcome: textOrNull(string(a.Outcome)),
		}
		if a.Failure != nil {
			message, _ := m.sentence(a.Failure.Code, a.Failure.Params)
			attempt.Exception, attempt.Error = lo.ToPtr(string(a.Failure.Code)), &message
		}
		detail.History = append(detail.History, attempt)
	}
	for _, l := range d.Log {
		detail.Log = append(detail.Log, LogLine{Time: stamp(l.Time), Level: l.Level, Message: l.Message})
	}
	return detail
}

// Jobs makes the JSON of several jobs.
func (m *Maker) Jobs(jobs []engine.Live) []Job {
	return lo.Map(jobs, func(live engine.Live, _ int) Job { return m.Job(live) })
}

// Page makes the JSON of a page of a list of jobs.
func (m *Maker) Page(jobs []engine.Live, listed task.Listed) JobPage {
	return JobPage{Jobs: m.Jobs(jobs), Next: textOrNull(listed.Next), Counts: Counts(listed.Counts), Partial: listed.Partial}
}

// Queues makes the JSON of queues.
func (m *Maker) Queues(queues []service.Queue) []Queue {
	return lo.Map(queues, func(q service.Queue, _ int) Queue { return m.Queue(q) })
}

// Queue makes the JSON of a queue.
func (m *Maker) Queue(q service.Queue) Queue {
	return Queue{Name: q.Name, Paused: !q.Paused.IsZero(), PausedSince: stampOrNull(q.Paused), Counts: Counts(q.Counts)}
}

// Schedules makes the JSON of a page of schedules.
func (m *Maker) Schedules(schedules []service.Schedule, next string) SchedulePage {
	page := SchedulePage{Schedules: make([]Schedule, len(schedules)), Next: textOrNull(next)}
	for i, s := range schedules {
		page.Schedules[i] = Schedule{Job: m.Job(s.Live), NextRuns: m.Times(s.Next)}
	}
	return page
}

// Times makes the JSON of times.
func (m *Maker) Times(times []time.Time) []string {
	return lo.Map(times, func(at time.Time, _ int) string { return stamp(at) })
}

// Counts makes the JSON of counts by state.
func Counts(counts map[task.State]int64) map[string]int64 {
	return lo.MapKeys(counts, func(_ int64, state task.State) string { return state.String() })
}

// percentage never shows an end that has not come, nor more than that.
func percentage(live engine.Live) float64 {
	switch {
	case live.State == task.Completed:
		return 1
	case live.Total <= 0:
		return 0
	}
	return lo.Clamp(float64(live.Progress)/float64(live.Total), 0, 1)
}
