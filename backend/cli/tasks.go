package cli

import (
	"context"

	"nectar/backend/fault"
	"nectar/backend/task"
	"nectar/backend/wire"
)

type tasksCommand struct {
	Name     string `arg:"" optional:"" help:"The name of one task."`
	Markdown bool   `help:"Print the catalogue as a Markdown page."`
}

func (c *tasksCommand) run(ctx context.Context, f *face) (int, error) {
	if c.Markdown && f.json {
		return statusRefused, f.usage("usage.markdown_or_json")
	}
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		definitions, err := c.chosen(s)
		if err != nil {
			return err
		}
		if c.Markdown {
			return f.print(catalogue(definitions))
		}
		tasks := make([]wire.Task, len(definitions))
		for i, d := range definitions {
			tasks[i] = f.maker.Task(d)
		}
		return f.answer(oneOrAll(tasks, c.Name == ""), func() string {
			if c.Name != "" {
				return plainTask(definitions[0])
			}
			return f.taskTable(tasks)
		})
	})
}

func (c *tasksCommand) chosen(s *Session) ([]*task.Definition, error) {
	all := s.Services.Jobs.Tasks(s.Person)
	if c.Name == "" {
		return all, nil
	}
	for _, d := range all {
		if d.Name == c.Name {
			return []*task.Definition{d}, nil
		}
	}
	return nil, fault.New(fault.NotFound, "what", "task", "id", c.Name)
}

func (f *face) taskTable(tasks []wire.Task) string {
	t := table{columns: []column{
		{head: f.say.text("head.task")},
		{head: f.say.text("head.summary"), flex: true},
	}}
	for _, d := range tasks {
		t.add(d.Name, d.Summary)
	}
	return t.render(f.env.Width)
}
