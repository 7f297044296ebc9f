package content

import (
	"context"
	"errors"

	"nectar/backend/library"
	"nectar/backend/task"
)

// using wraps the function of a task that works on the content folder: the
// folder is not put elsewhere meanwhile, and is there to be read, or written.
// While it cannot be used the job waits.
func using[A, R any](d Deps, use library.Use, run func(context.Context, *task.Run, A) (R, error)) func(context.Context, *task.Run, A) (R, error) {
	return func(ctx context.Context, r *task.Run, args A) (R, error) {
		leave, err := d.Library.Enter(use)
		if err != nil {
			var none R
			return none, orWait(r, use, err)
		}
		defer leave()
		return run(ctx, r, args)
	}
}

// orWait asks to wait for a folder that is in use. Any other error stays what
// it is.
func orWait(r *task.Run, use library.Use, err error) error {
	switch {
	case !errors.Is(err, library.ErrBusy):
		return err
	case use == library.Alone:
		return r.WaitFor(task.Need{Code: task.NeedContent})
	}
	return r.WaitFor(task.Need{Code: task.NeedContentMoved})
}
