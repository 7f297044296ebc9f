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
		Title: "content.export.title",
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
		s.Title, s.Text = "content.export.title_stopped", "content.export.canceled"
		if d.Job.Attempts == 0 {
			s.Text = "content.export.never_began"
		}
	case task.Failed:
		s.Title = "content.export.title_stopped"
	case task.Completed:
		s.Title, s.Text = "content.export.title_done", "content.export.done"
		switch {
		case d.Job.Problems > 0:
			s.Text = "content.export.done_problems"
			s.Params["count"], s.Params["total"] = d.Job.Problems, total
		case removable:
			s.Text = "content.export.done_removable"
		}
	case task.Scheduled:
		s.Title = "content.export.title_stopped" // it does not happen now
		warn(&s, d.Job, d.Metadata)
	case task.Paused:
		s.Title = "content.export.title_stopped"
	case task.Pending, task.Queued, task.Selected:
		// the general words of the state say it
	}
	return s
}
