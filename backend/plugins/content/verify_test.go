package content_test

import (
	"cmp"
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

func TestACheckSaysOfHowManyChannelsItIs(t *testing.T) {
	t.Parallel()
	l := newLaptop(t)
	first, second, third := channeltest.New(channeltest.Name("Zebras")), channeltest.New(channeltest.Seed(1)), channeltest.New(channeltest.Seed(2))
	for _, c := range []*channeltest.Channel{first, second, third} {
		l.has(c)
	}
	checks, _ := l.registry.Lookup("content.verify")
	says := func(j task.Job) (title string, of any) {
		said := checks.Describe(j)
		params := said.Params
		if said.TitleParams != nil {
			params = said.TitleParams
		}
		return said.Title, cmp.Or(params["channel"], params["count"])
	}
	must(t, l.PauseQueue(t.Context(), "content"))

	if title, of := says(l.checks(first)); title != "content.verify.title_stopped" || of != "Zebras" {
		t.Errorf("of one channel it says %s of %v", title, of)
	}
	if title, of := says(l.checks(first, third)); title != "content.verify.title_stopped_some" || of != int64(2) {
		t.Errorf("of two of three channels it says %s of %v", title, of)
	}
	if title, _ := says(l.checks()); title != "content.verify.title_stopped_all" {
		t.Errorf("of all channels it says %s", title)
	}
}
