package content_test

import (
	"testing"

	"nectar/backend/auth"
	"nectar/backend/channel/channeltest"
	"nectar/backend/task"
)

// checks makes a job that checks the channels, or all.
func (l *laptop) checks(channels ...*channeltest.Channel) task.Job {
	l.t.Helper()
	request := map[string]any{}
	var ids []any
	for _, c := range channels {
		ids = append(ids, string(c.ID))
	}
	if ids != nil {
		request["channel_ids"] = ids
	}
	definition, _ := l.registry.Lookup("content.verify")
	args, metadata, err := definition.Validate(l.t.Context(), auth.Program(), request)
	must(l.t, err)
	jobs, err := l.Enqueue(l.t.Context(), task.NewJob{Task: definition, Args: args, Metadata: metadata})
	must(l.t, err)
	return jobs[0]
}

func TestOneCheckReadsTheDiskAtATimeAndKeepsNoImportWaiting(t *testing.T) {
	t.Parallel()
	s := newStage(t, "content.verify")
	first, second, lesson := channeltest.New(), channeltest.New(channeltest.Seed(1)), channeltest.New(channeltest.Seed(2))
	s.has(first)
	s.has(second)
	reach, open := s.inTheMiddle()
	all := s.checks()
	reach()

	one := s.checks(first)
	if got := s.Live(one).Behind; got != 1 {
		t.Errorf("a check of one channel comes after %d others, want that of all", got)
	}
	s.has(lesson)
	if j, err := s.store.Job(t.Context(), one.ID); err != nil || j.State != task.Queued {
		t.Errorf("while all are checked the check of one is %v, %v", j.State, err)
	}
	open()
	s.ends(all.ID, task.Completed)
	s.ends(one.ID, task.Completed)
}
