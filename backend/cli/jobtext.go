package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"nectar/backend/task"
	"nectar/backend/wire"
)

// maxListed is how many problems are listed by name.
const maxListed = 20

// jobName says which job it is.
func (f *face) jobName(j wire.Job) string {
	return f.say.text("job", "id", j.ID, "title", plain(j.StatusTitle))
}

func (f *face) state(j wire.Job) string {
	state, _ := task.ParseState(j.Status)
	return f.maker.StateText(state)
}

// percent never says that all is done before it is.
func (f *face) percent(j wire.Job) string {
	percent := int64(j.Percentage * 100)
	if j.Status != task.Completed.String() {
		percent = min(percent, 99)
	}
	return f.say.number(percent)
}

// endText says in words how a job ended, or how it stands.
func (f *face) endText(j wire.JobDetail) string {
	var b strings.Builder
	about := j.StatusText
	if j.Error != nil {
		about = *j.Error
	}
	b.WriteString(plain(j.StatusTitle) + ": " + plain(about) + "\n")
	if j.Advice != nil {
		b.WriteString(plain(*j.Advice) + "\n")
	}
	if single(j.Result) {
		b.WriteString(f.say.text("result", "value", resultText(j.Result)) + "\n")
	}
	b.WriteString(f.problemText(j))
	switch j.Status {
	case task.Paused.String():
		b.WriteString(f.say.text("paused", "id", j.ID) + "\n")
	case task.Queued.String(), task.Selected.String(), task.Running.String():
		if f.env.Guest != nil {
			b.WriteString(f.say.text("goes_on_there") + "\n")
		} else {
			b.WriteString(f.say.text("goes_on") + "\n")
		}
	}
	return b.String()
}

// problemText lists the first problems, and says how many more there are.
func (f *face) problemText(j wire.JobDetail) string {
	var b strings.Builder
	for i, p := range j.Problems {
		if i == maxListed {
			break
		}
		b.WriteString("  " + plain(p.Message) + "\n")
	}
	if more := j.ProblemCount - int64(min(len(j.Problems), maxListed)); more > 0 {
		b.WriteString("  " + f.say.text("more_problems", "count", more) + "\n")
	}
	return b.String()
}

// single reports whether the result is one plain value.
func single(result any) bool {
	switch result.(type) {
	case nil, map[string]any, []any:
		return false
	}
	return true
}

func resultText(result any) string {
	text, err := json.Marshal(result)
	if err != nil {
		return fmt.Sprint(result)
	}
	return string(text)
}

// detailText is all there is to know of a job.
func (f *face) detailText(j wire.JobDetail) string {
	var b strings.Builder
	b.WriteString(f.jobName(j.Job) + "\n")
	line := func(key, value string) {
		if value != "" {
			b.WriteString("  " + f.say.text("head."+key) + ": " + plain(value) + "\n")
		}
	}
	line("state", f.state(j.Job))
	if j.StatusText != f.state(j.Job) {
		line("about", j.StatusText)
	}
	if j.Error != nil && *j.Error != j.StatusText {
		line("error", *j.Error)
	}
	if j.Advice != nil {
		line("advice", *j.Advice)
	}
	if j.TotalProgress > 0 {
		line("progress", f.percent(j.Job)+" %, "+f.pace(j.Job))
	}
	line("task", j.Type)
	line("args", resultText(j.Args))
	if j.Result != nil {
		line("result", resultText(j.Result))
	}
	line("queue", j.Queue)
	line("due", local(j.ScheduledDatetime))
	line("cron", j.Cron)
	if j.SeriesCanceled {
		line("repeats", f.say.text("repeats_ended"))
	}
	line("by", j.StartedByName)
	line("created", local(&j.Created))
	line("started", local(j.Started))
	line("finished", local(j.Finished))
	b.WriteString(f.problemText(j))
	b.WriteString(f.historyText(j))
	for _, l := range j.Log {
		b.WriteString("  " + local(&l.Time) + " " + l.Level + ": " + plain(l.Message) + "\n")
	}
	return b.String()
}

func (f *face) historyText(j wire.JobDetail) string {
	t := table{columns: []column{
		{head: "  " + f.say.text("head.attempt"), right: true},
		{head: f.say.text("head.started")},
		{head: f.say.text("head.finished")},
		{head: f.say.text("head.outcome")},
		{head: f.say.text("head.error"), flex: true},
	}}
	for _, a := range j.History {
		t.add(f.say.number(a.Attempt), local(&a.Started), local(a.Finished), f.outcome(a.Outcome), value(a.Error))
	}
	return t.render(f.env.Width)
}

func (f *face) outcome(outcome *string) string {
	if outcome == nil {
		return ""
	}
	return f.say.text("outcome." + *outcome)
}

func value(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
