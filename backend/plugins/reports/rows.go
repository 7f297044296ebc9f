package reports

import (
	"context"
	"strings"

	"nectar/backend/auth"
	"nectar/backend/task"
)

func (d Deps) channels(ctx context.Context, person auth.Person, s *sheet) error {
	channels, err := d.Channels(ctx, person)
	if err != nil {
		return err
	}
	err = s.head("id", "name", "version", "languages", "description",
		"resources", "available_resources", "size", "available_size")
	if err != nil {
		return err
	}
	for _, c := range channels {
		languages := c.Languages
		if len(languages) == 0 && c.Language != "" {
			languages = []string{c.Language}
		}
		err := s.row(string(c.ID), c.Name, c.Version, strings.Join(languages, " "), c.Description,
			c.Resources, c.AvailableResources, c.Size, c.AvailableSize)
		if err != nil {
			return err
		}
	}
	return nil
}

func (d Deps) jobs(ctx context.Context, person auth.Person, s *sheet) error {
	err := s.head("id", "type", "status", "queue", "priority", "args", "started_by", "started_by_name",
		"created", "due", "started", "finished", "attempts", "last_outcome", "exception", "problem_count")
	if err != nil {
		return err
	}
	return d.Jobs(ctx, person, func(part []task.Job) error {
		for i := range part {
			if err := s.job(&part[i]); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
}

func (s *sheet) job(j *task.Job) error {
	exception := ""
	if j.Failure != nil {
		exception = string(j.Failure.Code)
	}
	return s.row(string(j.ID), j.Task, j.State.String(), j.Queue, j.Priority.String(), string(j.Args), j.StartedBy, j.StartedByName,
		j.Created, j.Due, j.Started, j.Finished, j.Attempts, string(j.Outcome), exception, j.Problems)
}
