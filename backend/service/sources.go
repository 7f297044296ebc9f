package service

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// Sources shows where channels can come from.
type Sources struct {
	library  *library.Library
	open     func(ctx context.Context, reference string) (source.Source, error)
	trees    *trees
	discover func(ctx context.Context) ([]source.Source, error)
	watch    func(ctx context.Context, changed func())
	space    func() (Space, error)
}

// Found is a source with the number of its channels.
type Found struct {
	source.Info

	Channels int
}

// Offer is a channel at a source, and what of it is on this laptop.
type Offer struct {
	source.Listing

	Here *library.Channel // nil when it is not on this laptop
}

// List answers the sources at hand.
func (s *Sources) List(ctx context.Context, person auth.Person) ([]Found, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return nil, fault.New(fault.Forbidden)
	}
	sources, err := s.discover(ctx)
	if err != nil {
		return nil, err
	}
	found := make([]Found, 0, len(sources))
	for _, from := range sources {
		channels, err := from.Channels(ctx)
		if err != nil {
			continue // gone since it was found
		}
		found = append(found, Found{from.Info(), len(channels)})
	}
	return found, nil
}

// Watch calls changed when drives came or went, until the context ends.
func (s *Sources) Watch(ctx context.Context, changed func()) {
	if s.watch != nil {
		s.watch(ctx, changed)
	}
}

// Channels answers what a source offers, ordered by name.
func (s *Sources) Channels(ctx context.Context, person auth.Person, reference string) (source.Info, []Offer, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return source.Info{}, nil, fault.New(fault.Forbidden)
	}
	from, err := s.open(ctx, reference)
	if err != nil {
		return source.Info{}, nil, err
	}
	s.trees.forget(reference)
	listings, err := from.Channels(ctx)
	if err != nil {
		return source.Info{}, nil, err
	}
	// It only helps to wait for a drive later: where nothing can be stored, as
	// in a process that may not write, it is not known then.
	_ = s.library.RememberSource(ctx, reference, from.Info(), listings)
	here, err := s.library.Channels(ctx)
	if err != nil {
		return source.Info{}, nil, err
	}
	local := make(map[channel.ID]library.Channel, len(here))
	for _, c := range here {
		local[c.ID] = c
	}
	offers := make([]Offer, len(listings))
	for i, listing := range listings {
		offers[i] = Offer{Listing: listing}
		if c, ok := local[listing.ID]; ok {
			offers[i].Here = &c
		}
	}
	return from.Info(), offers, nil
}

// Preflight is what an import would do.
type Preflight struct {
	Resources    int
	Files        int
	Bytes        int64
	PresentFiles int
	PresentBytes int64
	Space        Space
}

// Needed answers the bytes that are still to be copied.
func (p Preflight) Needed() int64 { return p.Bytes - p.PresentBytes }

// Fits reports whether there is room for them.
func (p Preflight) Fits() bool { return p.Needed() <= p.Space.Free }

// Preflight answers what an import of a selection would do, and changes
// nothing.
func (s *Sources) Preflight(ctx context.Context, person auth.Person, id channel.ID, reference string, options selection.Options) (Preflight, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return Preflight{}, fault.New(fault.Forbidden)
	}
	tree, err := s.trees.load(ctx, reference, id)
	if err != nil {
		return Preflight{}, err
	}
	chosen, err := tree.Select(options)
	if err != nil {
		return Preflight{}, err
	}
	here, err := s.library.Here(ctx)
	if err != nil {
		return Preflight{}, err
	}
	p := Preflight{Resources: chosen.Resources, Files: len(chosen.Files), Bytes: chosen.Bytes}
	for _, f := range chosen.Files {
		if here(f.Checksum) {
			p.PresentFiles++
			p.PresentBytes += max(f.Size, 0)
		}
	}
	p.Space, err = s.space()
	return p, err
}
