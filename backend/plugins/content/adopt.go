package content

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// AdoptArgs are the arguments of content.adopt.
type AdoptArgs struct {
	Path     string `json:"path" jsonschema:"title=Folder of Kolibri,format=folder,description=The content folder\\, the home folder of Kolibri that holds it\\, or a drive with KOLIBRI_DATA,minLength=1,maxLength=4096"`
	TakeOver bool   `json:"take_over,omitzero" jsonschema:"title=Take it over,description=Write there as well: import and delete channels. Kolibri must not run then. Left out: the folder is only read,default=false"`
}

// AdoptResult is what an adopted folder holds.
type AdoptResult struct {
	VerifyResult

	Channels int `json:"channels"`
}

// adoption declares the task that uses the content folder of a Kolibri as it
// is.
func adoption(deps Deps) task.Task[AdoptArgs] {
	return task.Define(task.Spec[AdoptArgs]{
		Name:           "content.adopt",
		Summary:        "Use the channels of an existing Kolibri folder where they are",
		Permission:     task.CoordinatorOnly,
		Cancellable:    true,
		Pausable:       true,
		LongRunning:    true,
		Unit:           task.Bytes,
		OnInterruption: task.Resume,
		ExclusiveKey:   place[AdoptArgs],
		Validate:       deps.checkAdopt,
		Status:         adoptStatus,
		Run: func(ctx context.Context, run *task.Run, args AdoptArgs) (any, error) {
			return deps.adopt(ctx, run, args)
		},
	})
}

// checkAdopt finds the content folder that is meant, and looks whether it can
// be used now.
func (d Deps) checkAdopt(_ context.Context, request task.Request[AdoptArgs]) (task.Validated[AdoptArgs], error) {
	args := request.Args
	if !filepath.IsAbs(args.Path) || strings.ContainsRune(args.Path, 0) {
		return task.Validated[AdoptArgs]{}, fault.Invalid(fault.At("path", fault.FieldFormat, "want", "path", "value", args.Path))
	}
	found, any := library.FindContent(filepath.Clean(args.Path))
	if !any {
		return task.Validated[AdoptArgs]{}, fault.New(fault.SourceEmpty, "path", args.Path)
	}
	args.Path = found
	return task.Validated[AdoptArgs]{Args: args}, d.checkAdoptable(found)
}

// checkAdoptable answers why the folder cannot take the place of the present one.
// One that was adopted can be left again: its channels stay where they are.
func (d Deps) checkAdoptable(path string) error {
	if err := library.KolibriOn(path); err != nil {
		return err
	}
	if !d.isInUse(path) && !d.Library.Place().Adopted && !d.Library.Empty() {
		return fault.New(fault.ContentNotEmpty, "path", d.Library.Content())
	}
	return nil
}

// isInUse reports whether the folder is the content folder already.
func (d Deps) isInUse(path string) bool { return sameFolder(path, d.Library.Content()) }

func sameFolder(a, b string) bool {
	one, err := os.Stat(a)
	other, missing := os.Stat(b)
	return err == nil && missing == nil && os.SameFile(one, other)
}

// adopt uses the folder from now on, and checks its files: each counts as here
// once it was found right. Our memory of it lies with us, and nothing is
// written there.
func (d Deps) adopt(ctx context.Context, run *task.Run, args AdoptArgs) (AdoptResult, error) {
	known, err := d.settle(ctx, run, args)
	if err != nil {
		return AdoptResult{}, err
	}
	var result AdoptResult
	if !known {
		if result.VerifyResult, err = using(d, library.Reading, d.checkAll)(ctx, run, VerifyArgs{}); err != nil {
			return result, err
		}
	}
	channels, err := d.Library.Channels(ctx)
	result.Channels = len(channels)
	return result, err
}

func (d Deps) checkAll(ctx context.Context, run *task.Run, args VerifyArgs) (VerifyResult, error) {
	return (&verifier{Deps: d, run: run, args: args}).verify(ctx)
}

// settle makes the folder the content folder; our own, which an adopted one took
// the place of, is no adopted one. It reports whether it was taken
// over only, and so known and checked before.
func (d Deps) settle(ctx context.Context, run *task.Run, args AdoptArgs) (known bool, err error) {
	leave, err := d.Library.Seize()
	if err != nil {
		return false, orWait(run, library.Alone, err)
	}
	defer leave()
	if err := d.checkAdoptable(args.Path); err != nil {
		return false, err
	}
	place := d.Library.Place()
	if d.isInUse(args.Path) {
		if place.ReadOnly && args.TakeOver {
			place.ReadOnly = false
			return true, d.Library.Settle(place)
		}
		return false, nil
	}
	place = library.Place{Path: args.Path, Adopted: true, ReadOnly: !args.TakeOver}
	if sameFolder(args.Path, d.Library.Own()) {
		place = library.Place{Path: args.Path}
	}
	if err := d.Library.Settle(place); err != nil {
		return false, err
	}
	return false, d.Library.Recheck(ctx)
}

// adoptStatus says what an adoption is about, and what came of it.
func adoptStatus(d task.Described[AdoptArgs]) task.Status {
	s := task.Status{
		Title:  titleOf("content.adopt.title", d.Job.State),
		Params: fault.Params{"path": d.Args.Path, "count": whole(d.Metadata["total_files"])},
	}
	switch d.Job.State {
	case task.Running:
		s.Text = "content.verify.reading"
		if d.Job.Total == 0 {
			s.Text = "content.verify.looking"
		}
	case task.Canceling:
		s.Text = "content.verify.stopping"
	case task.Canceled:
		s.Text = "content.adopt.canceled"
		if d.Job.Attempts == 0 {
			s.Text = "content.import.never_began"
		}
	case task.Completed:
		s.Text = "content.adopt.done"
		s.Params["count"] = whole(d.Result["channels"])
		if d.Job.Problems > 0 {
			s.Text = "content.verify.done_problems"
			s.Params["count"] = d.Job.Problems
		}
	case task.Pending, task.Scheduled, task.Queued, task.Selected, task.Paused, task.Failed:
		// the general words of the state say it
	}
	return s
}
