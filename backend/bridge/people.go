package bridge

import (
	"github.com/samber/lo"

	"nectar/backend/auth"
	"nectar/backend/service"
	"nectar/backend/wire"
)

// People is who uses this laptop, and who of them is at the window.
type People struct{ bridge *Bridge }

// Session answers who is signed in. It may be asked by anybody.
//
//api:permission anyone
//api:errors none
func (p *People) Session() (wire.Session, error) {
	return askAnybody(p.bridge, func(c call) (wire.Session, error) {
		state, err := c.session.State(c.ctx)
		return c.maker.Session(state), err
	})
}

// Names answers the people to choose from before signing in. It may be asked by
// anybody.
//
//api:permission anyone
//api:errors none
func (p *People) Names() ([]wire.PersonName, error) {
	return askAnybody(p.bridge, func(c call) ([]wire.PersonName, error) {
		names, err := c.services.People.Names(c.ctx)
		return lo.Map(names, func(n service.Name, _ int) wire.PersonName { return c.maker.PersonName(n) }), err
	})
}

// SignIn signs the person of that id in, if the PIN is theirs. It may be asked
// by anybody.
//
//api:permission anyone
//api:errors not_found, wrong_pin, too_many_tries
func (p *People) SignIn(id, pin string) (wire.Session, error) {
	return askAnybody(p.bridge, func(c call) (wire.Session, error) {
		if _, err := c.session.SignIn(c.ctx, id, pin); err != nil {
			return wire.Session{}, err
		}
		state, err := c.session.State(c.ctx)
		return c.maker.Session(state), err
	})
}

// Recover gives a coordinator a new PIN on the strength of the recovery code,
// and answers the next code. It may be asked by anybody.
//
//api:permission anyone who has the recovery code; for a coordinator
//api:errors not_found, forbidden, invalid_request, wrong_code, too_many_tries
func (p *People) Recover(id, code, pin string) (wire.PersonChanged, error) {
	return askAnybody(p.bridge, func(c call) (wire.PersonChanged, error) {
		changed, err := c.services.People.Recover(c.ctx, id, code, pin)
		return c.maker.PersonChanged(changed), err
	})
}

// SignOut signs out whoever is signed in.
//
//api:permission signed in
//api:errors none
func (p *People) SignOut() error {
	_, err := ask(p.bridge, func(c call) (struct{}, error) {
		c.session.SignOut()
		return struct{}{}, nil
	})
	return err
}

// Touch says that somebody uses the window, which puts off its lock. The window
// calls it for keys and pointers, at most a few times a minute; other calls do
// not count, because the window makes some by itself.
//
//api:permission signed in
//api:errors none
func (p *People) Touch() error {
	_, err := ask(p.bridge, func(c call) (struct{}, error) {
		c.session.Touch()
		return struct{}{}, nil
	})
	return err
}

// SetUp finishes the first run: it gives the person at the laptop a name and,
// unless it is "", a PIN.
//
//api:permission device not set up yet
//api:errors forbidden, invalid_request
func (p *People) SetUp(name, pin string) (wire.PersonChanged, error) {
	return p.change(func(c call) (service.Changed, error) {
		c.session.Keep(c.person)
		return c.services.People.SetUp(c.ctx, c.person, name, pin)
	})
}

// List answers everybody, the first one first.
//
//api:permission coordinator
//api:errors forbidden
func (p *People) List() ([]wire.Person, error) {
	return ask(p.bridge, func(c call) ([]wire.Person, error) {
		members, err := c.services.People.List(c.ctx, c.person)
		return lo.Map(members, func(m auth.Member, _ int) wire.Person { return c.maker.Person(m) }), err
	})
}

// NewPerson is somebody to add.
type NewPerson struct {
	Name          string `json:"name"`
	Role          string `json:"role"` // coordinator or teacher
	ManageContent bool   `json:"manage_content"`
	PIN           string `json:"pin"` // "" for none
}

// Add puts a person on the list.
//
//api:permission coordinator
//api:errors forbidden, invalid_request
func (p *People) Add(person NewPerson) (wire.PersonChanged, error) {
	return p.change(func(c call) (service.Changed, error) {
		if person.PIN != "" {
			c.session.Keep(c.person)
		}
		return c.services.People.Add(c.ctx, c.person, service.NewPerson{
			Name: person.Name, Role: auth.Role(person.Role), ManageContent: person.ManageContent, PIN: person.PIN,
		})
	})
}

// Rename gives a person another name.
//
//api:permission coordinator
//api:errors forbidden, not_found, invalid_request
func (p *People) Rename(id, name string) (wire.PersonChanged, error) {
	return p.change(func(c call) (service.Changed, error) {
		return c.services.People.Rename(c.ctx, c.person, id, name)
	})
}

// Grant says what a person may do. Null changes nothing.
type Grant struct {
	Role          *string `json:"role"` // coordinator or teacher
	ManageContent *bool   `json:"manage_content"`
}

// Grant changes what a person may do.
//
//api:permission coordinator
//api:errors forbidden, not_found, invalid_request, last_coordinator
func (p *People) Grant(id string, grant Grant) (wire.PersonChanged, error) {
	return p.change(func(c call) (service.Changed, error) {
		g := service.Grant{ManageContent: grant.ManageContent}
		if grant.Role != nil {
			g.Role = lo.ToPtr(auth.Role(*grant.Role))
		}
		return c.services.People.Grant(c.ctx, c.person, id, g)
	})
}

// Remove takes a person off the list. Their jobs stay, under their name.
//
//api:permission coordinator
//api:errors forbidden, not_found, last_coordinator
func (p *People) Remove(id string) (wire.PersonChanged, error) {
	return p.change(func(c call) (service.Changed, error) {
		return c.services.People.Remove(c.ctx, c.person, id)
	})
}

// SetPIN gives a person a new PIN. Whoever changes the PIN that they have
// themselves shows it (current).
//
//api:permission coordinator; others their own, where people have PINs
//api:errors forbidden, not_found, invalid_request, wrong_pin, too_many_tries
func (p *People) SetPIN(id, pin, current string) (wire.PersonChanged, error) {
	return p.change(func(c call) (service.Changed, error) {
		c.session.Keep(c.person)
		return c.services.People.SetPIN(c.ctx, c.person, id, pin, current)
	})
}

// RemovePIN takes a person's PIN away. Whoever removes their own shows it
// (current).
//
//api:permission coordinator
//api:errors forbidden, not_found, wrong_pin, too_many_tries
func (p *People) RemovePIN(id, current string) (wire.PersonChanged, error) {
	return p.change(func(c call) (service.Changed, error) {
		return c.services.People.RemovePIN(c.ctx, c.person, id, current)
	})
}

// NewRecoveryCode makes a recovery code in place of the old one, and answers
// it this once.
//
//api:permission coordinator
//api:errors forbidden, no_pins
func (p *People) NewRecoveryCode() (string, error) {
	return ask(p.bridge, func(c call) (string, error) {
		return c.services.People.NewRecoveryCode(c.ctx, c.person)
	})
}

func (p *People) change(do func(call) (service.Changed, error)) (wire.PersonChanged, error) {
	return ask(p.bridge, func(c call) (wire.PersonChanged, error) {
		changed, err := do(c)
		if err != nil {
			return wire.PersonChanged{}, err
		}
		return c.maker.PersonChanged(changed), nil
	})
}
