package content

import (
	"nectar/backend/fault"
	"nectar/backend/task"
)

// deleteStatus says what a deletion is about, and what came of it.
func deleteStatus(d task.Described[DeleteArgs]) task.Status {
	s := task.Status{
		Title: titleOf("content.delete.title", d.Job.State),
		Params: fault.Params{
			"channel": channelName(d.Metadata, d.Args.ChannelID), "count": whole(d.Metadata["total_resources"]),
			"size": whole(d.Metadata["file_size"]), "freed": whole(d.Result["bytes_freed"]),
		},
	}
	switch d.Job.State {
	case task.Running:
		s.Text = "content.delete.removing"
	case task.Canceling:
		s.Text = "content.delete.stopping"
	case task.Canceled:
		s.Text = "content.delete.canceled"
		if d.Job.Attempts == 0 {
			s.Text = "content.import.never_began"
		}
	case task.Completed:
		s.Text = "content.delete.done"
		if shared := whole(d.Result["files_shared"]); shared > 0 {
			s.Text = "content.delete.done_shared"
			s.Params["count"] = shared
		}
		if d.Job.Problems > 0 {
			s.Text = "content.delete.done_problems"
			s.Params["count"] = d.Job.Problems
		}
	case task.Pending, task.Scheduled, task.Queued, task.Selected, task.Paused, task.Failed:
		// the general words of the state say it
	}
	return s
}
