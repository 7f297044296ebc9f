package content

import (
	"nectar/backend/fault"
	"nectar/backend/task"
)

// usableResources is where the metadata of an import that did not bring all say how many
// of its resources can be opened all the same.
const usableResources = "usable_resources"

// importStatus says what an import is about, and what came of it.
func importStatus(job task.Job, id string, metadataOnly bool, metadata, result map[string]any) task.Status {
	total, size := whole(metadata["total_resources"]), whole(metadata["file_size"])
	good := total - whole(metadata["incomplete_resources"])
	if usable, known := metadata[usableResources]; known {
		good = whole(usable)
	}
	s := task.Status{
		Title:  titleOf("content.import.title", job.State),
		Params: fault.Params{"channel": channelName(metadata, id), "count": total, "size": size, "good": good, "problems": job.Problems},
	}
	switch job.State {
	case task.Running:
		s.Text = "content.import.copying"
		if job.Total == 0 {
			s.Text = "content.import.preparing"
		}
	case task.Canceling:
		s.Text = "content.import.stopping"
	case task.Canceled:
		s.Text = "content.import.canceled"
		if job.Attempts == 0 {
			s.Text = "content.import.never_began"
		}
	case task.Completed:
		s.Text = "content.import.done"
		switch {
		case metadataOnly:
			s.Text = "content.import.done_metadata"
		case job.Problems > 0:
			s.Text = "content.import.done_problems"
			s.Params["count"] = job.Problems
			s.Params["total"] = total
		case whole(metadata[leftOutFiles]) > 0:
			s.Text = "content.import.done_part"
			s.Params["total"] = total
		case whole(metadata["kept_version"]) > 0:
			s.Text = "content.import.done_older"
			s.Params["version"] = whole(metadata["kept_version"])
		case total == 0 && metadata["total_resources"] != nil:
			s.Text = "content.import.done_empty"
		case whole(result["files_copied"]) == 0:
			s.Text = "content.import.done_nothing"
		}
	case task.Scheduled:
		warn(&s, job, metadata)
	case task.Pending, task.Queued, task.Selected, task.Paused, task.Failed:
		// the general words of the state say it
	}
	return s
}

// titleOf answers the name of a title that is so called while the job runs: of one that
// is done another, and of one that does not happen now what it is or was to do.
func titleOf(title string, state task.State) string {
	switch state {
	case task.Running, task.Canceling:
		return title
	case task.Completed:
		return title + "_done"
	case task.Pending, task.Scheduled, task.Queued, task.Selected, task.Paused, task.Failed, task.Canceled:
	}
	return title + "_stopped"
}

// warn says of a job that is to begin later how much room was too little for it
// when it was made. What its first run found says more.
func warn(s *task.Status, job task.Job, metadata map[string]any) {
	if lacking := whole(metadata[lackingBytes]); lacking > 0 && job.Attempts == 0 {
		s.Text, s.Params["size"] = "content.lacking", lacking
	}
}

// channelName answers what people call the channel of a job.
func channelName(metadata map[string]any, id string) string {
	if name, _ := metadata["channel_name"].(string); name != "" {
		return name
	}
	return id
}

// whole reads a number that came from JSON.
func whole(value any) int64 {
	n, _ := value.(float64)
	return int64(n)
}
