package content

import (
	"nectar/backend/fault"
	"nectar/backend/task"
)

// moveStatus says what a move is about, and what came of it.
func moveStatus(d task.Described[MoveArgs]) task.Status {
	s := task.Status{
		Title:  titleOf("content.move.title", d.Job.State),
		Params: fault.Params{"path": d.Args.Path, "size": whole(d.Metadata["file_size"]), "count": d.Job.Problems},
	}
	switch d.Job.State {
	case task.Running:
		s.Text = "content.move.copying"
	case task.Canceling:
		s.Text = "content.move.stopping"
	case task.Canceled:
		s.Text = "content.move.canceled"
		if d.Job.Attempts == 0 {
			s.Text = "content.import.never_began"
		}
	case task.Completed:
		s.Text = "content.move.done"
		if d.Job.Problems > 0 {
			s.Text = "content.move.done_problems"
		}
	case task.Pending, task.Scheduled, task.Queued, task.Selected, task.Paused, task.Failed:
		// the general words of the state say it
	}
	return s
}
