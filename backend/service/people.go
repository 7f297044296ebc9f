package service

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/store"
)

// People knows who uses this laptop.
type People struct {
	store *store.Store
}

// first is the person at a laptop where nobody has set up anything.
var first = auth.Person{ID: "coordinator", Name: "Coordinator", Role: auth.Coordinator, ManageContent: true}

// SignedIn answers the person at the laptop. Where nobody has a PIN that is
// its coordinator.
func (p *People) SignedIn(ctx context.Context) (auth.Person, error) {
	people, err := p.store.People(ctx)
	if err != nil {
		return auth.Person{}, err
	}
	for _, person := range people {
		if person.Role == auth.Coordinator {
			return person, nil
		}
	}
	return first, nil
}

// Prepare makes the person at the laptop its coordinator on the first start.
func (p *People) Prepare(ctx context.Context, name string) error {
	people, err := p.store.People(ctx)
	if err != nil || len(people) > 0 {
		return err
	}
	person := first
	if name != "" {
		person.Name = name
	}
	return p.store.AddPerson(ctx, person)
}
