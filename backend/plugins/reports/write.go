package reports

import (
	"context"
	"io"

	"nectar/backend/atomicfile"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// write puts the report in place, whole or not at all.
func (d Deps) write(ctx context.Context, run *task.Run, args Args, fill fill) (Result, error) {
	// Much may have happened since the job was created.
	if refused := atomicfile.RefuseTarget("path", args.Path, extension); len(refused) > 0 {
		return Result{}, fault.New(fault.NoWrite, "path", args.Path).Because(fault.Invalid(refused...))
	}
	person, err := d.Person(ctx, run.Job().StartedBy)
	if err != nil {
		return Result{}, err
	}
	if !person.SignedIn() {
		return Result{}, fault.New(fault.Forbidden)
	}
	var rows int64
	err = atomicfile.Stream(args.Path, 0o600, func(to io.Writer) error {
		s, err := newSheet(to, func(written int64) { run.SetProgress(written, 0) })
		if err != nil {
			return err
		}
		if err := fill(ctx, person, s); err != nil {
			return err
		}
		rows = s.rows
		return s.end()
	})
	return Result{args.Path, rows}, err
}
