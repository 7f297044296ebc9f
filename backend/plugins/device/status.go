package device

import (
	"path/filepath"

	"nectar/backend/fault"
	"nectar/backend/task"
)

func backupStatus(d task.Described[NoArgs]) task.Status {
	return status("backup", d.Job, fault.Params{"size": whole(d.Result["bytes"]), "name": d.Result["name"]})
}

func checkStatus(d task.Described[CheckArgs]) task.Status {
	return status("backup_check", d.Job, fault.Params{"name": d.Result["name"], "count": whole(d.Result["jobs"])})
}

func vacuumStatus(d task.Described[NoArgs]) task.Status {
	before, after := whole(d.Result["bytes_before"]), whole(d.Result["bytes_after"])
	return status("vacuum", d.Job, fault.Params{"freed": max(before-after, 0), "size": after})
}

func retentionStatus(d task.Described[NoArgs]) task.Status {
	return status("retention", d.Job, fault.Params{"count": whole(d.Result["jobs_removed"])})
}

func diagnosticsStatus(d task.Described[DiagnosticsArgs]) task.Status {
	return status("diagnostics", d.Job, fault.Params{"file": filepath.Base(d.Args.Path)})
}

// status answers the title of a task, and of a job that has done its work what
// came of it. A repeating job, which never rests, says what came of its last
// run while it waits for the next.
func status(name string, job task.Job, params fault.Params) task.Status {
	s := task.Status{Title: "device." + name + ".title", Params: params}
	if job.State == task.Completed || job.State == task.Scheduled && job.Outcome == task.OutcomeCompleted {
		s.Text = "device." + name + ".done"
	}
	return s
}

// whole reads a number that came from JSON.
func whole(value any) int64 {
	n, _ := value.(float64)
	return int64(n)
}
