package service

import (
	"context"
	"maps"
	"slices"
	"sync"

	"nectar/backend/auth"
	"nectar/backend/clock"
	"nectar/backend/fault"
	"nectar/backend/store"
	"nectar/backend/task"
)

// People knows who uses this laptop, and lets them sign in.
type People struct {
	store    *store.Store
	settings *Settings
	guard    *auth.Guard
	clock    clock.Clock

	mu       sync.Mutex
	sessions map[*Session]bool // guarded by mu
}

// first is the person at a laptop where nobody has set up anything.
var first = auth.Person{ID: "coordinator", Name: "Coordinator", Role: auth.Coordinator, ManageContent: true}

// Prepare makes the person at the laptop its coordinator on the first start.
func (p *People) Prepare(ctx context.Context, name string) error {
	roll, err := p.store.Roll(ctx)
	if err != nil || len(roll.Members) > 0 {
		return err
	}
	person := first
	if name != "" {
		person.Name = name
	}
	_, err = p.store.ChangeRoll(ctx, func(r *auth.Roll) error {
		r.Members = append(r.Members, auth.Member{Person: person})
		return nil
	})
	return err
}

// Name is what somebody who is not signed in may know of a person.
type Name struct {
	ID     string
	Name   string
	HasPIN bool
}

// Names answers the people to choose from before signing in. It asks for
// nobody: everybody at the laptop may see them.
func (p *People) Names(ctx context.Context) ([]Name, error) {
	roll, err := p.roll(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]Name, len(roll.Members))
	for i, m := range roll.Members {
		names[i] = Name{m.ID, m.Name, m.HasPIN()}
	}
	return names, nil
}

// Name answers one of Names, by name or id, or fault.NotFound. It asks for
// nobody.
func (p *People) Name(ctx context.Context, who string) (Name, error) {
	roll, err := p.roll(ctx)
	if err != nil {
		return Name{}, err
	}
	m, err := roll.Find(who)
	if err != nil {
		return Name{}, err
	}
	return Name{m.ID, m.Name, m.HasPIN()}, nil
}

// SignedIn answers the person at the laptop who need not sign in: its
// coordinator, while nobody has a PIN. Otherwise it is fault.NotSignedIn.
func (p *People) SignedIn(ctx context.Context) (auth.Person, error) {
	roll, err := p.roll(ctx)
	if err != nil {
		return auth.Person{}, err
	}
	return atLaptop(roll)
}

func atLaptop(roll auth.Roll) (auth.Person, error) {
	m, there := roll.First()
	if !there || roll.AnyPIN() {
		return auth.Person{}, fault.New(fault.NotSignedIn)
	}
	return present(roll, m), nil
}

// SignIn answers the person of that name or id, if the PIN is theirs. Somebody
// without a PIN signs in with any. Wrong PINs are slowed down; see auth.Guard.
func (p *People) SignIn(ctx context.Context, who, pin string) (auth.Person, error) {
	roll, err := p.roll(ctx)
	if err != nil {
		return auth.Person{}, err
	}
	m, err := roll.Find(who)
	if err != nil {
		return auth.Person{}, err
	}
	if err := p.prove(*m, pin); err != nil {
		return auth.Person{}, err
	}
	return present(roll, *m), nil
}

// Known answers the person of an id as they are now: somebody who has signed
// in before. Whoever is gone is fault.NotSignedIn.
func (p *People) Known(ctx context.Context, id string) (auth.Person, error) {
	roll, err := p.roll(ctx)
	if err != nil {
		return auth.Person{}, err
	}
	m, known := roll.ByID(id)
	if !known {
		return auth.Person{}, fault.New(fault.NotSignedIn)
	}
	return present(roll, m), nil
}

// tell lets the open sessions see who is on the roll now.
func (p *People) tell(roll auth.Roll) {
	p.mu.Lock()
	sessions := slices.Collect(maps.Keys(p.sessions))
	p.mu.Unlock()
	for _, s := range sessions {
		s.see(roll)
	}
}

// prove answers nil if the PIN is the person's.
func (p *People) prove(m auth.Member, pin string) error {
	if !m.HasPIN() {
		return nil
	}
	return p.guard.Try(m.ID, fault.New(fault.WrongPIN, "name", m.Name), func() (bool, error) {
		parsed, err := auth.ParsePIN(pin)
		if err != nil {
			return false, nil //nolint:nilerr // what is no PIN is a wrong one
		}
		return m.PIN.Matches(string(parsed))
	})
}

// roll answers everybody, also of a data folder that does not exist yet.
func (p *People) roll(ctx context.Context) (auth.Roll, error) {
	roll, err := p.store.Roll(ctx)
	if err == nil && len(roll.Members) == 0 {
		roll.Members = []auth.Member{{Person: first}}
	}
	return roll, err
}

// present answers the person as somebody who is at the laptop.
func present(roll auth.Roll, m auth.Member) auth.Person {
	person := m.Person
	person.FirstRun = !roll.SetUp
	return person
}

func allowed(permission task.Permission, person auth.Person) error {
	if !permission.MayRun(person, nil) {
		return fault.New(fault.Forbidden)
	}
	return nil
}
