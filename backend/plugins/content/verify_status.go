package content

import (
	"nectar/backend/fault"
	"nectar/backend/task"
)

// verifyStatus says what a check is about, and what came of it.
func verifyStatus(d task.Described[VerifyArgs]) task.Status {
	title := titleOf("content.verify.title", d.Job.State)
	s := task.Status{Params: fault.Params{"count": whole(d.Metadata["total_files"])}}
	switch d.Job.State {
	case task.Running:
		s.Text = "content.verify.reading"
		if repairing := whole(d.Metadata["repairing"]); repairing > 0 {
			s.Text = "content.verify.repairing"
			s.Params["count"] = repairing
		} else if d.Job.Total == 0 {
			s.Text = "content.verify.looking"
		}
	case task.Canceling:
		s.Text = "content.verify.stopping"
	case task.Canceled:
		s.Text = "content.verify.canceled"
		if d.Job.Attempts == 0 {
			s.Text = "content.import.never_began"
		}
	case task.Completed:
		s.Text = "content.verify.done"
		s.Params["count"] = whole(d.Result["files_checked"])
		if s.Params["count"] == int64(0) {
			s.Text = "content.verify.done_nothing"
		}
		if repaired := whole(d.Result["files_repaired"]); repaired > 0 {
			s.Text = "content.verify.done_repaired"
			s.Params["count"] = repaired
		}
		if d.Job.Problems > 0 {
			s.Text = "content.verify.done_problems"
			s.Params["count"] = d.Job.Problems
		}
	case task.Pending, task.Scheduled, task.Queued, task.Selected, task.Paused, task.Failed:
		// the general words of the state say it
	}
	switch ids := d.Args.ChannelIDs; len(ids) {
	case 0:
		title += "_all"
	case 1:
		s.Params["channel"] = channelName(d.Metadata, ids[0])
	default:
		title += "_some"
		s.TitleParams = fault.Params{"count": int64(len(ids))} // that of the text counts files
	}
	s.Title = title
	return s
}
