package cli

import (
	"context"
	"strings"

	"github.com/samber/lo"

	"nectar/backend/task"
	"nectar/backend/wire"
)

type queuesCommand struct {
	List   listQueuesCommand  `cmd:"" default:"1" help:"List the queues with how many jobs are on them."`
	Pause  pauseQueueCommand  `cmd:"" help:"Hold a queue: its due jobs wait, running ones go on."`
	Resume resumeQueueCommand `cmd:"" help:"Let a paused queue go on."`
}

type listQueuesCommand struct{}

func (c *listQueuesCommand) run(ctx context.Context, f *face) (int, error) {
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		found, err := s.Services.Jobs.Queues(ctx, s.Person)
		if err != nil {
			return err
		}
		queues := f.maker.Queues(found)
		return f.answer(queues, func() string { return f.queueTable(queues) })
	})
}

type pauseQueueCommand struct {
	Queue string `arg:"" help:"The name of the queue."`
}

func (c *pauseQueueCommand) run(ctx context.Context, f *face) (int, error) {
	return statusDone, f.with(ctx, ToStore, func(s *Session) error {
		found, err := s.Services.Jobs.PauseQueue(ctx, s.Person, c.Queue)
		if err != nil {
			return err
		}
		queue := f.maker.Queue(found)
		return f.answer(queue, func() string { return f.queueTable([]wire.Queue{queue}) })
	})
}

type resumeQueueCommand struct {
	Queue string `arg:"" help:"The name of the queue."`
}

func (c *resumeQueueCommand) run(ctx context.Context, f *face) (int, error) {
	return statusDone, f.with(ctx, ToStore, func(s *Session) error {
		found, err := s.Services.Jobs.ResumeQueue(ctx, s.Person, c.Queue)
		if err != nil {
			return err
		}
		queue := f.maker.Queue(found)
		return f.answer(queue, func() string { return f.queueTable([]wire.Queue{queue}) })
	})
}

func (f *face) queueTable(queues []wire.Queue) string {
	t := table{columns: []column{
		{head: f.say.text("head.queue")},
		{head: f.say.text("head.state")},
		{head: f.say.text("head.job"), flex: true},
	}}
	for _, q := range queues {
		state := ""
		if q.Paused {
			state = f.say.text("queue_paused", "since", local(q.PausedSince))
		}
		t.add(q.Name, state, f.countsText(q.Counts))
	}
	return t.render(f.env.Width)
}

// countsText says how many jobs are in each state.
func (f *face) countsText(counts map[string]int64) string {
	var words []string // several states can have one
	sums := map[string]int64{}
	for _, state := range task.States() {
		if n := counts[state.String()]; n > 0 {
			word := f.maker.StateText(state)
			words = append(words, word)
			sums[word] += n
		}
	}
	return strings.Join(lo.Map(lo.Uniq(words), func(word string, _ int) string { return word + " " + f.say.number(sums[word]) }), ", ")
}
