package reports

import (
	"context"
	"path/filepath"

	"nectar/backend/atomicfile"
	"nectar/backend/auth"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// Args are the arguments of every report.
type Args struct {
	Path string `json:"path" jsonschema:"title=File,format=new-file,description=The full path of the file to write. A report that is there is replaced,example=report.csv,minLength=1,maxLength=4096"`
}

// Result is what was written.
type Result struct {
	Path string `json:"path"`
	Rows int64  `json:"rows"`
}

// fill writes the rows of a report.
type fill func(ctx context.Context, person auth.Person, rows *sheet) error

// libraryCSV declares the report of the channels on this laptop.
func (d Deps) libraryCSV() task.Task[Args] {
	return d.report("reports.library_csv", "Write the channels of this laptop into a file for a spreadsheet", task.SignedIn, d.channels)
}

// jobsCSV declares the report of the jobs. Everybody may ask for it: it holds
// what they may read.
func (d Deps) jobsCSV() task.Task[Args] {
	return d.report("reports.jobs_csv", "Write the jobs into a file for a spreadsheet", task.AnyOf(task.CoordinatorOnly, task.OwnJobs), d.jobs)
}

func (d Deps) report(name, summary string, permission task.Permission, fill fill) task.Task[Args] {
	return task.Define(task.Spec[Args]{
		Name:         name,
		Summary:      summary,
		Permission:   permission,
		Cancellable:  true,
		Unit:         task.Items,
		ExclusiveKey: func(a Args) string { return "file:" + a.Path },
		Validate:     check,
		Status:       func(j task.Described[Args]) task.Status { return status(name, j) },
		Run: func(ctx context.Context, run *task.Run, args Args) (any, error) {
			return d.write(ctx, run, args, fill)
		},
	})
}

// extension is that of the files which a report may replace.
const extension = ".csv"

func check(_ context.Context, request task.Request[Args]) (task.Validated[Args], error) {
	args := request.Args
	if err := fault.Invalid(atomicfile.RefuseTarget("path", args.Path, extension)...); err != nil {
		return task.Validated[Args]{}, err
	}
	args.Path = filepath.Clean(args.Path)
	return task.Validated[Args]{Args: args}, nil
}

func status(name string, j task.Described[Args]) task.Status {
	rows, _ := j.Result["rows"].(float64)
	s := task.Status{Title: name + ".title", Params: fault.Params{"file": filepath.Base(j.Args.Path), "count": int64(rows)}}
	if j.Job.State == task.Completed {
		s.Text = "reports.done"
	}
	return s
}
