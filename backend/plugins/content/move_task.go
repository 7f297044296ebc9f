package content

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// MoveArgs are the arguments of content.move.
type MoveArgs struct {
	Path string `json:"path" jsonschema:"title=New folder,format=folder,description=Where the channels are to be. The folder is empty or does not exist yet,minLength=1,maxLength=4096"`
}

// place is the exclusive key of what puts the content folder elsewhere.
func place[A any](A) string { return "content:place" }

// moving declares the task that puts the content folder elsewhere.
func moving(deps Deps) task.Task[MoveArgs] {
	return task.Define(task.Spec[MoveArgs]{
		Name:           "content.move",
		Summary:        "Move the channels of this laptop to another folder or disk",
		Permission:     task.CoordinatorOnly,
		Cancellable:    true,
		Pausable:       true,
		LongRunning:    true,
		Unit:           task.Bytes,
		OnInterruption: task.Resume, // what was copied and compared stays
		ExclusiveKey:   place[MoveArgs],
		Validate:       deps.checkMove,
		Status:         moveStatus,
		Run: using(deps, library.Alone, func(ctx context.Context, run *task.Run, args MoveArgs) (any, error) {
			return (&mover{Deps: deps, run: run, to: args.Path}).move(ctx)
		}),
	})
}

// checkMove looks whether the folder can be there, and whether what is to move
// fits.
func (d Deps) checkMove(ctx context.Context, request task.Request[MoveArgs]) (task.Validated[MoveArgs], error) {
	args := request.Args
	if !filepath.IsAbs(args.Path) || strings.ContainsRune(args.Path, 0) {
		return task.Validated[MoveArgs]{}, fault.Invalid(fault.At("path", fault.FieldFormat, "want", "path", "value", args.Path))
	}
	args.Path = filepath.Clean(args.Path)
	if err := d.Library.May(library.Alone); err != nil {
		return task.Validated[MoveArgs]{}, err
	}
	if err := d.checkPlace(args.Path); err != nil {
		return task.Validated[MoveArgs]{}, err
	}
	load, err := weigh(ctx, d.Library.Content(), args.Path)
	if err == nil {
		err = d.fits(load, args.Path)
	}
	return task.Validated[MoveArgs]{Args: args, Metadata: map[string]any{"file_size": load.bytes}}, err
}

// checkPlace looks whether the content folder may be at the path.
func (d Deps) checkPlace(path string) error {
	place := d.Library.Place()
	if path == place.Path && place.Former != "" {
		return nil // it is there, and what is left of the old one goes
	}
	if overlap(place.Path, path) {
		return fault.New(fault.MoveInside, "path", path)
	}
	if place.Copying == path {
		return nil // what lies there is ours
	}
	entries, err := os.ReadDir(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NoWrite, "path", path).Because(err)
	}
	for _, entry := range entries {
		// What an empty content folder has is nothing.
		below, err := os.ReadDir(filepath.Join(path, entry.Name()))
		if ours := entry.Name() == "databases" || entry.Name() == "storage"; !ours || err != nil || len(below) > 0 {
			return fault.New(fault.PlaceNotEmpty, "path", path)
		}
	}
	return nil
}

// overlap reports whether one of the folders is the other, or inside it,
// whatever names they are reached by.
func overlap(one, other string) bool {
	return inside(one, other) || inside(other, one)
}

func inside(outer, path string) bool {
	top, err := os.Stat(outer)
	if err != nil {
		return false
	}
	for {
		if at, err := os.Stat(path); err == nil && os.SameFile(top, at) {
			return true
		}
		parent := filepath.Dir(path)
		if parent == path {
			return false
		}
		path = parent
	}
}
