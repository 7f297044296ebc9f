package service

import (
	"context"
	"slices"
	"sync"
	"time"

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
	disk     func(ctx context.Context, id channel.ID) (preflight.Disk, error)
	exports  func(ctx context.Context, id channel.ID, path string, options selection.Options) (preflight.Answer, error)
	eject    func(ctx context.Context, path string) error
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

// countLimit is how long a source may take to tell how many channels it holds,
// before it is left out of the list.
const countLimit = 10 * time.Second

// List answers the sources at hand. One that went away since it was found, or
// does not answer, is left out.
func (s *Sources) List(ctx context.Context, person auth.Person) ([]Found, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return nil, fault.New(fault.Forbidden)
	}
	sources, err := s.discover(ctx)
	if err != nil {
		return nil, err
	}
	counting, cancel := context.WithTimeout(ctx, countLimit)
	defer cancel()
	counts := make([]int, len(sources))
	var asked sync.WaitGroup
	for i, from := range sources {
		asked.Go(func() {
			channels, err := from.Channels(counting)
			if counts[i] = len(channels); err != nil {
				counts[i] = -1
			}
		})
	}
	asked.Wait()
	found := make([]Found, 0, len(sources))
	for i, from := range sources {
		if counts[i] >= 0 {
			found = append(found, Found{from.Info(), counts[i]})
		}
	}
	return found, ctx.Err()
}

// Open answers what is at a reference: a path, the address of a server,
// "studio" or "sample".
func (s *Sources) Open(ctx context.Context, person auth.Person, reference string) (Found, error) {
	info, offers, err := s.Channels(ctx, person, reference)
	return Found{info, len(offers)}, err
}

// Watch calls changed when drives or servers came or went, until the context ends.
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
	offers, err := s.offers(ctx, listings)
	return from.Info(), offers, err
}

// Lookup answers the channels of a token, or of the id of a channel, at a
// source that may hold more than it lists. Where the source lists all there is
// they are those of the id.
func (s *Sources) Lookup(ctx context.Context, person auth.Person, reference, token string) ([]Offer, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return nil, fault.New(fault.Forbidden)
	}
	from, err := s.open(ctx, reference)
	if err != nil {
		return nil, err
	}
	finder, looksUp := from.(source.Finder)
	if looksUp {
		listings, err := finder.Lookup(ctx, token)
		if err != nil {
			return nil, err
		}
		return s.offers(ctx, listings)
	}
	listings, err := from.Channels(ctx)
	if err != nil {
		return nil, err
	}
	id, _ := channel.ParseID(token)
	listings = slices.DeleteFunc(listings, func(l source.Listing) bool { return l.ID != id })
	if len(listings) == 0 {
		return nil, fault.New(fault.ChannelMissing, "channel", token, "path", reference)
	}
	return s.offers(ctx, listings)
}

// offers says of channels what of them is on this laptop.
func (s *Sources) offers(ctx context.Context, listings []source.Listing) ([]Offer, error) {
	here, err := s.library.Channels(ctx)
	if err != nil {
		return nil, err
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
	return offers, nil
}
