package backend

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"nectar/backend/channel/source"
	"nectar/backend/channel/source/server"
	"nectar/backend/fault"
	"nectar/backend/peer"
	"nectar/backend/task"
)

const (
	// searchLimit is how long a search of the network may take, with asking
	// what was found for its channels.
	searchLimit = 8 * time.Second
	// searchAgain is how long a search serves before there is another.
	searchAgain = 15 * time.Second
	// metLimit is how long a server that a job waits for may take to answer.
	metLimit = 5 * time.Second
)

// retries are the pauses between two looks at a server that a job waits for;
// the last one is that of all further ones.
var retries = []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute}

// servers are the Kolibri servers that can be reached from here.
type servers struct {
	client *server.Client
	find   func(ctx context.Context) []peer.Server

	mu        sync.Mutex
	found     []source.Source // guarded by mu: by the last search
	searched  time.Time       // guarded by mu: when it ended
	searching chan struct{}   // guarded by mu: closed when the search under way ends; nil without one
	watchers  []*func()       // guarded by mu
	looks     map[string]look // guarded by mu, by the key of the need: at servers that were away
	looked    chan struct{}   // of one: there was such a look
	ctx       context.Context //nolint:containedctx // ends searches when the folder is closed
	end       context.CancelFunc
	ended     sync.WaitGroup
}

// look is how often in a row a server was away, and when it is looked at next.
type look struct {
	times int
	next  time.Time
}

func newServers(config server.Config, find func(ctx context.Context) []peer.Server) *servers {
	ctx, end := context.WithCancel(context.Background())
	return &servers{client: server.NewClient(config), find: find, looks: map[string]look{}, looked: make(chan struct{}, 1), ctx: ctx, end: end}
}

// close ends a search that is under way.
func (s *servers) close() {
	s.end()
	s.ended.Wait()
	s.client.Close()
}

// nearby answers the servers that announce themselves on the network. It waits
// for a search under way no longer than the patience.
func (s *servers) nearby(ctx context.Context, patience time.Duration) []source.Source {
	searched := s.search()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-searched:
	case <-timer.C:
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.found)
}

// search begins a search unless one is under way or was just made. What it
// answers is closed when there is something to look at.
func (s *servers) search() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.searching != nil {
		return s.searching
	}
	done := make(chan struct{})
	if s.ctx.Err() != nil || !s.searched.IsZero() && time.Since(s.searched) < searchAgain {
		close(done)
		return done
	}
	s.searching = done
	s.ended.Go(func() {
		ctx, cancel := context.WithTimeout(s.ctx, searchLimit)
		defer cancel()
		found := s.ask(ctx, s.find(ctx))
		s.mu.Lock()
		news := !slices.EqualFunc(found, s.found, func(a, b source.Source) bool { return a.Info().ID == b.Info().ID })
		s.found, s.searched, s.searching = found, time.Now(), nil
		watchers := slices.Clone(s.watchers)
		s.mu.Unlock()
		close(done)
		if news && ctx.Err() == nil {
			for _, changed := range watchers {
				(*changed)()
			}
		}
	})
	return done
}

// ask opens what was found and asks for its channels. A server that is found
// at several addresses is answered once.
func (s *servers) ask(ctx context.Context, at []peer.Server) []source.Source {
	answers := make([]source.Source, len(at))
	var asked sync.WaitGroup
	for i, p := range at {
		asked.Go(func() {
			opened, err := s.client.Open(ctx, p.URL)
			if err != nil {
				return
			}
			if listings, err := opened.Channels(ctx); err == nil {
				answers[i] = listed{opened, listings}
			}
		})
	}
	asked.Wait()
	var found []source.Source
	seen := map[string]bool{}
	for _, a := range answers {
		if a != nil && !seen[a.Info().ID] {
			seen[a.Info().ID] = true
			found = append(found, a)
		}
	}
	return found
}

// listed is a server whose channels were just asked for.
type listed struct {
	source.Source

	listings []source.Listing
}

// Channels implements source.Source.
func (l listed) Channels(context.Context) ([]source.Listing, error) { return l.listings, nil }

// watch calls changed when a search found other servers than the one before.
// It answers the function that ends it.
func (s *servers) watch(changed func()) (end func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers = append(s.watchers, &changed)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.watchers = slices.DeleteFunc(s.watchers, func(w *func()) bool { return w == &changed })
	}
}

// met reports whether the server of the key of a need answers. One that is away
// is asked again only when it is time to.
func (s *servers) met(ctx context.Context, key string) bool {
	if time.Now().Before(s.nextLook(key)) {
		return false
	}
	address, id := task.ServerOf(key)
	_, err := s.reach(ctx, address, id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		delete(s.looks, key)
		return true
	}
	times := s.looks[key].times
	s.looks[key] = look{times + 1, time.Now().Add(retries[min(times, len(retries)-1)])}
	select {
	case s.looked <- struct{}{}:
	default: // the one that nobody heard yet serves for both
	}
	return false
}

// reach opens the server with the id at its address, or at the one at which the
// network finds it now: addresses are given out anew. Without an id it is
// whatever answers at the address. The errors are those of Client.Open, and
// fault.SourceGone when another answers there.
func (s *servers) reach(ctx context.Context, address, id string) (source.Source, error) {
	there, err := s.open(ctx, address)
	if err == nil && id != "" && there.Info().ID != id {
		err = fault.New(fault.SourceGone, "path", address)
	}
	if err == nil || id == "" {
		return there, err
	}
	for _, found := range s.nearby(ctx, searchLimit) {
		if info := found.Info(); info.ID == id && info.URL != address {
			if there, failed := s.open(ctx, info.URL); failed == nil && there.Info().ID == id {
				return there, nil
			}
		}
	}
	return nil, err
}

func (s *servers) open(ctx context.Context, address string) (source.Source, error) {
	ctx, cancel := context.WithTimeout(ctx, metLimit)
	defer cancel()
	return s.client.Open(ctx, address)
}

// await calls changed whenever it is time to look again at a server that was
// away, until the context ends. One at a time may await.
func (s *servers) await(ctx context.Context, changed func()) {
	for {
		again := time.NewTimer(s.untilNext()) // what comes due before changed is called, it is called for
		changed()
		select {
		case <-again.C:
		case <-s.looked:
		case <-ctx.Done():
		}
		again.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}

// untilNext answers how long it is until a server that was away is looked at
// next; very long when none is.
func (s *servers) untilNext() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := time.Duration(math.MaxInt64)
	for _, l := range s.looks {
		if left := time.Until(l.next); left > 0 { // of the others somebody was told already
			first = min(first, left)
		}
	}
	return first
}

func (s *servers) nextLook(key string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.looks[key].next
}

// NextLook implements engine.Foreteller.
func (p places) NextLook(need task.Need) time.Time {
	if need.Code != task.NeedServer {
		return time.Time{}
	}
	return p.servers.nextLook(need.Key)
}
