package content

import (
	"nectar/backend/fault"
	"nectar/backend/task"
)

// exportStatus says what an export is about, and what came of it.
func exportStatus(d task.Described[ExportArgs]) task.Status {
	target, _ := d.Metadata["target_name"].(string)
	removable, _ := d.Metadata["target_removable"].(bool)
	total, size := whole(d.Metadata["total_resources"]), whole(d.Metadata["file_size"])
	s := task.Status{
		Title: titleOf("content.export.title", d.Job.State),
		Params: fault.Params{
			"channel": channelName(d.Metadata, d.Args.ChannelID), "target": target, "count": total, "size": size,
			"good": total - whole(d.Metadata["incomplete_resources"]),
		},
	}
	switch d.Job.State {
	case task.Running:
		s.Text = "content.export.copying"
		if d.Job.Total == 0 {
			s.Text = "content.export.preparing"
		}
	case task.Canceling:
		s.Text = "content.export.stopping"
	case task.Canceled:
		s.Text = "content.export.canceled"
		if d.Job.Attempts == 0 {
			s.Text = "content.export.never_began"
		}
	case task.Completed:
		s.Text = "content.export.done"
		switch {
		case d.Job.Problems > 0:
			s.Text = "content.export.done_problems"
			s.Params["count"], s.Params["total"] = d.Job.Problems, total
		case removable:
			s.Text = "content.export.done_removable"
		}
	case task.Scheduled:
		warn(&s, d.Job, d.Metadata)
	case task.Pending, task.Queued, task.Selected, task.Paused, task.Failed:
		// the general words of the state say it
	}
	return s
}
