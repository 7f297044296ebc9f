package service

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/channel/preflight"
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

	unfinished func(ctx context.Context) ([]task.Job, error)
	exports    func(ctx context.Context, id channel.ID, path string, options selection.Options) (preflight.Answer, error)
	eject      func(ctx context.Context, path string) error
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
