package service

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/task"
)

// NewPerson is somebody to add.
type NewPerson struct {
	Name          string // of 1 to 60 characters; nobody else has it, whatever its capitals
	Role          auth.Role
	ManageContent bool
	PIN           string // "" for none
}

// Grant says what changes in what a person may do. Nil changes nothing.
type Grant struct {
	Role          *auth.Role
	ManageContent *bool
}

// List answers everybody, the first one first. It is for coordinators; others
// see Names.
func (p *People) List(ctx context.Context, person auth.Person) ([]auth.Member, error) {
	if err := allowed(task.CoordinatorOnly, person); err != nil {
		return nil, err
	}
	roll, err := p.roll(ctx)
	return roll.Members, err
}

// Add puts a person on the roll. It is for coordinators.
func (p *People) Add(ctx context.Context, person auth.Person, added NewPerson) (Changed, error) {
	if err := allowed(task.CoordinatorOnly, person); err != nil {
		return Changed{}, err
	}
	m := auth.Member{Person: auth.Person{Name: added.Name, Role: added.Role, ManageContent: added.ManageContent}}
	if added.PIN == "" {
		return p.change(ctx, func(r *auth.Roll) (auth.Member, error) { return r.Add(m) })
	}
	return p.changePIN(ctx, added.PIN, func(r *auth.Roll, pin auth.Hash) (auth.Member, error) {
		m.PIN = pin
		return r.Add(m)
	})
}

// Rename gives a person another name. Jobs keep the name that they were
// started under. It is for coordinators.
func (p *People) Rename(ctx context.Context, person auth.Person, who, name string) (Changed, error) {
	if err := allowed(task.CoordinatorOnly, person); err != nil {
		return Changed{}, err
	}
	return p.change(ctx, func(r *auth.Roll) (auth.Member, error) { return r.Rename(who, name) })
}

// Grant changes what a person may do. It is for coordinators, and one of them
// has to stay: fault.LastCoordinator.
func (p *People) Grant(ctx context.Context, person auth.Person, who string, grant Grant) (Changed, error) {
	if err := allowed(task.CoordinatorOnly, person); err != nil {
		return Changed{}, err
	}
	return p.change(ctx, func(r *auth.Roll) (auth.Member, error) { return r.Grant(who, grant.Role, grant.ManageContent) })
}

// Remove takes a person off the roll; their jobs and their history stay. It is
// for coordinators, and one of them has to stay: fault.LastCoordinator.
func (p *People) Remove(ctx context.Context, person auth.Person, who string) (Changed, error) {
	if err := allowed(task.CoordinatorOnly, person); err != nil {
		return Changed{}, err
	}
	changed, err := p.change(ctx, func(r *auth.Roll) (auth.Member, error) { return r.Remove(who) })
	if err != nil {
		return Changed{}, err
	}
	return changed, p.guard.Forget(changed.Person.ID)
}

// change stores a change that somebody made of the roll. Whoever changes it
// has set the laptop up.
func (p *People) change(ctx context.Context, do func(*auth.Roll) (auth.Member, error)) (Changed, error) {
	var changed Changed
	roll, err := p.store.ChangeRoll(ctx, func(r *auth.Roll) error {
		m, err := do(r)
		changed.Person = m
		r.SetUp = true
		return err
	})
	if err != nil {
		return Changed{}, err
	}
	changed.Unprotected = unprotected(roll)
	p.tell(roll)
	return changed, nil
}
