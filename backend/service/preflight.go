package service

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/channel/preflight"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// Preflight answers what an import of a selection would do, together with the
// jobs that wait already, and changes nothing.
func (s *Sources) Preflight(ctx context.Context, person auth.Person, id channel.ID, reference string, options selection.Options) (preflight.Answer, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return preflight.Answer{}, fault.New(fault.Forbidden)
	}
	tree, err := s.trees.load(ctx, reference, id)
	if err != nil {
		return preflight.Answer{}, err
	}
	chosen, err := tree.Select(options)
	if err != nil {
		return preflight.Answer{}, err
	}
	here, err := s.library.Here(ctx)
	if err != nil {
		return preflight.Answer{}, err
	}
	ask := preflight.Ask{Chosen: chosen, Present: func(f channel.LocalFile) bool { return here(f.Checksum) }}
	if ask.Disk, err = s.disk(ctx, id); err != nil {
		return preflight.Answer{}, err
	}
	if ask.Supplied, err = s.supplied(ctx, id, reference, chosen, here); err != nil {
		return preflight.Answer{}, err
	}
	return preflight.Look(ask), nil
}

// supplied answers which of the files that are not here the source has; nil
// when it cannot tell in one answer.
func (s *Sources) supplied(ctx context.Context, id channel.ID, reference string, chosen *selection.Selection, here func(channel.Checksum) bool) (func(channel.Checksum) bool, error) {
	from, err := s.open(ctx, reference)
	if err != nil {
		return nil, err
	}
	holder, is := from.(source.Holder)
	if !is {
		return nil, nil
	}
	var wanted []channel.Checksum
	for _, f := range chosen.Files {
		if !here(f.Checksum) {
			wanted = append(wanted, f.Checksum)
		}
	}
	held, err := holder.Holds(ctx, id, wanted)
	switch code := fault.CodeOf(err); {
	case err == nil:
		return held, nil
	case ctx.Err() != nil, code == fault.SourceGone, code == fault.SourceMissing:
		return nil, err
	}
	return nil, nil // it does not tell, which is no reason to ask for less
}

// PreflightExport answers what an export to a folder would do, together with
// the jobs that wait already, and changes nothing.
func (s *Sources) PreflightExport(ctx context.Context, person auth.Person, id channel.ID, path string, options selection.Options) (preflight.Answer, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return preflight.Answer{}, fault.New(fault.Forbidden)
	}
	return s.exports(ctx, id, path, options)
}

// Eject lets a drive go, so that it can be pulled out. Only who may manage
// content may. See drive.Eject for its errors.
func (s *Sources) Eject(ctx context.Context, person auth.Person, path string) error {
	if !task.ManageContent.MayRun(person, nil) {
		return fault.New(fault.Forbidden)
	}
	return s.eject(ctx, path)
}
