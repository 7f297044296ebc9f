package service

import (
	"context"
	"sync"
	"time"

	"nectar/backend/auth"
	"nectar/backend/clock"
	"nectar/backend/fault"
)

// Session is who is signed in at one face: the person is known here, and is
// never a name that a caller sends. Its methods may be called concurrently.
//
// While nobody has a PIN it is open as the coordinator. Otherwise somebody
// signs in; and when nobody has touched it for as long as the setting
// lock_after_minutes says, it locks, also over a sleep of the laptop.
type Session struct {
	people  *People
	changes chan struct{} // of one
	lock    chan struct{} // of one: the time at which it locks may have changed
	quit    chan struct{} // closed by Close
	ended   chan struct{} // closed when nothing waits for the lock any more
	unwatch func()

	mu        sync.Mutex
	id        string        // guarded by mu: who signed in, "" for nobody
	locked    bool          // guarded by mu: it was the lock that signed them out
	pins      bool          // guarded by mu: people had PINs when they were last looked at
	lockAfter time.Duration // guarded by mu: 0 for never
	touched   moment        // guarded by mu: the last use
	closed    bool          // guarded by mu
}

// moment is a point in time by both clocks.
type moment struct {
	wall    time.Time
	elapsed time.Duration
}

// State is how a session stands.
type State struct {
	Person auth.Person // nobody when signing in is needed
	Locked bool        // somebody was signed in, and left it without use
	PINs   bool        // people have PINs, so that one can sign out
	SetUp  bool        // somebody has set the laptop up
}

// OpenSession opens a session in which nobody has signed in yet. Close it.
func (p *People) OpenSession(ctx context.Context) (*Session, error) {
	s := &Session{
		people: p, changes: make(chan struct{}, 1), lock: make(chan struct{}, 1),
		quit: make(chan struct{}), ended: make(chan struct{}),
	}
	s.touched = s.now()
	unwatch, err := p.settings.Watch(ctx, func(v Values) { s.setLock(time.Duration(v.LockAfterMinutes) * time.Minute) })
	if err != nil {
		return nil, err
	}
	s.unwatch = unwatch
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sessions[s] = true
	go s.awaitLock()
	return s, nil
}

// Close ends the session. It may be called more than once.
func (s *Session) Close() {
	s.unwatch()
	s.people.mu.Lock()
	delete(s.people.sessions, s)
	s.people.mu.Unlock()
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		s.id = ""
		close(s.quit)
	}
	s.mu.Unlock()
	<-s.ended
}

// Changes signals that somebody signed in or out, that the session locked, or
// that something changed about the people.
func (s *Session) Changes() <-chan struct{} { return s.changes }

// Person answers who is signed in, as they are now, or fault.NotSignedIn.
func (s *Session) Person(ctx context.Context) (auth.Person, error) {
	state, err := s.State(ctx)
	if err == nil && !state.Person.SignedIn() {
		err = fault.New(fault.NotSignedIn)
	}
	return state.Person, err
}

// State answers how the session stands.
func (s *Session) State(ctx context.Context) (State, error) {
	roll, err := s.people.roll(ctx)
	if err != nil {
		return State{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.look(roll), nil
}

// see is told that the roll has changed.
func (s *Session) see(roll auth.Roll) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.look(roll)
	nudge(s.changes)
}

// look brings the session up to date with the people of the laptop. The caller
// holds mu.
func (s *Session) look(roll auth.Roll) State {
	if pins := roll.AnyPIN(); pins != s.pins {
		s.pins, s.touched = pins, s.now()
		nudge(s.lock)
	}
	s.lockIfDue()
	state := State{Locked: s.locked, PINs: s.pins, SetUp: roll.SetUp}
	if s.closed {
		return state
	}
	if s.id != "" {
		if m, known := roll.ByID(s.id); known {
			state.Person = present(roll, m)
			return state
		}
		s.leave(false) // taken off the roll
	}
	if person, err := atLaptop(roll); err == nil {
		s.locked, state.Locked = false, false
		state.Person = person
	}
	return state
}

// SignIn signs the person of that id in, if the PIN is theirs.
func (s *Session) SignIn(ctx context.Context, id, pin string) (auth.Person, error) {
	person, err := s.people.SignIn(ctx, id, pin)
	if err != nil {
		return auth.Person{}, err
	}
	s.enter(person)
	return s.Person(ctx)
}

// Keep lets whoever is signed in stay so, also when people have PINs from now
// on: whoever gives this laptop its first PIN has not left.
func (s *Session) Keep(person auth.Person) { s.enter(person) }

func (s *Session) enter(person auth.Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.id, s.locked, s.touched = person.ID, false, s.now()
	nudge(s.lock)
	nudge(s.changes)
}

// SignOut signs whoever is signed in out.
func (s *Session) SignOut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.leave(false)
}

// Touch says that somebody uses the face now. It does not bring back a session
// that has locked.
func (s *Session) Touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lockIfDue()
	s.touched = s.now()
}

func (s *Session) setLock(after time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lockAfter = after
	nudge(s.lock)
}

// lockIfDue locks the session when it was not used for too long by either
// clock: that of the laptop counts its sleep, and the other cannot be set. The
// caller holds mu.
func (s *Session) lockIfDue() {
	if s.locks() && s.unused() >= s.lockAfter {
		s.leave(true)
	}
}

// locks reports whether the session is one that locks. The caller holds mu.
func (s *Session) locks() bool { return s.id != "" && s.pins && s.lockAfter > 0 }

func (s *Session) unused() time.Duration {
	now := s.now()
	return max(now.wall.Sub(s.touched.wall), now.elapsed-s.touched.elapsed)
}

// leave signs out. The caller holds mu.
func (s *Session) leave(locked bool) {
	if s.id == "" {
		return
	}
	s.id, s.locked = "", locked
	nudge(s.changes)
}

// awaitLock lets the session lock by itself when its time comes, so that a
// window that nobody touches is told.
func (s *Session) awaitLock() {
	defer close(s.ended)
	alarm := s.people.clock.NewAlarm()
	defer alarm.Stop()
	for {
		alarm.Set(s.lockAt(), false)
		select {
		case <-alarm.Rings():
		case <-s.lock:
		case <-s.quit:
			return
		}
	}
}

// lockAt locks the session if that is due, and answers when to look again.
func (s *Session) lockAt() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lockIfDue()
	if !s.locks() {
		return clock.Never
	}
	return s.touched.elapsed + s.lockAfter
}

// nudge signals on a channel of one. A signal that nobody heard yet serves for
// both.
func nudge(signal chan struct{}) {
	select {
	case signal <- struct{}{}:
	default:
	}
}

func (s *Session) now() moment {
	return moment{s.people.clock.Now().Round(0), s.people.clock.Elapsed()}
}
