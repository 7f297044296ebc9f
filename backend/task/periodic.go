package task

import (
	"encoding/json"
	"fmt"

	"github.com/samber/lo"

	"nectar/backend/auth"
)

// Periodic is a job that a plugin wants to be there from the first start on: an
// ordinary cron job, started by the program, first due at its next time. People
// may change and delete it; one that was deleted does not come back.
type Periodic struct {
	// Name is what the job is remembered by. It never changes its meaning.
	Name string

	task       *Definition
	args       any
	expression string
}

// Periodic declares a job of the task that runs by a cron expression, for
// Plugin.Periodic. It is remembered by the name of the task.
func (t Task[A]) Periodic(expression string, args A) Periodic {
	return Periodic{Name: t.Name, task: t.Definition, args: args, expression: expression}
}

// NewJob answers what to enqueue. However often that is done while the job is
// there, there is one.
func (p Periodic) NewJob() (NewJob, error) {
	if _, err := ParseCron(p.expression); err != nil {
		return NewJob{}, fmt.Errorf("periodic job %s: %w", p.Name, err)
	}
	args, err := json.Marshal(p.args)
	if err != nil {
		return NewJob{}, fmt.Errorf("encode arguments of periodic job %s: %w", p.Name, err)
	}
	return NewJob{
		Task: p.task, Args: args, StartedBy: lo.ToPtr(auth.Program()), RequestID: "periodic:" + p.Name,
		When: &When{Schedule: Schedule{Cron: p.expression, CatchUp: CatchUpOnce}},
	}, nil
}
