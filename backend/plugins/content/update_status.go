package content

import (
	"nectar/backend/fault"
	"nectar/backend/task"
)

// updateStatus says what an update is about, and what came of it.
func updateStatus(d task.Described[UpdateArgs]) task.Status {
	nothing, _ := d.Metadata["nothing_new"].(bool)
	total, fresh := whole(d.Metadata["total_resources"]), whole(d.Metadata["new_resources"])
	s := task.Status{
		Title: titleOf("content.update.title", d.Job.State),
		Params: fault.Params{
			"channel": channelName(d.Metadata, d.Args.ChannelID), "count": total,
			"version": whole(d.Metadata["channel_version"]), "size": whole(d.Result["bytes_copied"]),
			"good": total - whole(d.Metadata["incomplete_resources"]),
		},
	}
	if s.Params["version"] == int64(0) {
		s.Title = "content.update.title_stopped" // the drive is away, and its version not known
	}
	switch d.Job.State {
	case task.Running:
		s.Text = "content.update.copying"
		if d.Job.Total == 0 {
			s.Text = "content.import.preparing"
		}
	case task.Canceling:
		s.Text = "content.update.stopping"
	case task.Canceled:
		s.Text = "content.update.canceled"
		if d.Job.Attempts == 0 {
			s.Text = "content.import.never_began"
		}
	case task.Completed:
		s.Text = "content.update.done"
		switch {
		case nothing:
			s.Title, s.Text = "content.update.title_stopped", "content.update.done_nothing"
		case d.Job.Problems > 0:
			s.Text = "content.import.done_problems"
			s.Params["count"], s.Params["total"] = d.Job.Problems, total
		case fresh > 0:
			s.Text = "content.update.done_new"
			s.Params["count"] = fresh
		}
	case task.Scheduled:
		warn(&s, d.Job, d.Metadata)
	case task.Pending, task.Queued, task.Selected, task.Paused, task.Failed:
		// the general words of the state say it
	}
	return s
}
