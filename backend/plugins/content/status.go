package content

import (
	"nectar/backend/fault"
	"nectar/backend/task"
)

// importStatus says what an import is about, and what came of it.
func importStatus(d task.Described[ImportArgs]) task.Status {
	name, _ := d.Metadata["channel_name"].(string)
	if name == "" {
		name = d.Args.ChannelID
	}
	total, size := whole(d.Metadata["total_resources"]), whole(d.Metadata["file_size"])
	incomplete := whole(d.Metadata["incomplete_resources"])
	s := task.Status{
		Title:  "content.import.title",
		Params: fault.Params{"channel": name, "count": total, "size": size, "good": total - incomplete, "problems": d.Job.Problems},
	}
	switch d.Job.State {
	case task.Running:
		s.Text = "content.import.copying"
		if d.Job.Total == 0 {
			s.Text = "content.import.preparing"
		}
	case task.Canceling:
		s.Text = "content.import.stopping"
	case task.Canceled:
		s.Title, s.Text = "content.import.title_stopped", "content.import.canceled"
		if d.Job.Attempts == 0 {
			s.Text = "content.import.never_began"
		}
	case task.Failed:
		s.Title = "content.import.title_stopped"
	case task.Completed:
		s.Title, s.Text = "content.import.title_done", "content.import.done"
		switch {
		case d.Args.MetadataOnly:
			s.Text = "content.import.done_metadata"
		case d.Job.Problems > 0:
			s.Text = "content.import.done_problems"
			s.Params["count"] = d.Job.Problems
			s.Params["total"] = total
		case whole(d.Result["files_copied"]) == 0:
			s.Text = "content.import.done_nothing"
		}
	case task.Pending, task.Scheduled, task.Queued, task.Selected, task.Paused:
		// the general words of the state say it
	}
	return s
}

// whole reads a number that came from JSON.
func whole(value any) int64 {
	n, _ := value.(float64)
	return int64(n)
}
