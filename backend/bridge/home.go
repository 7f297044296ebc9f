package bridge

import (
	"github.com/samber/lo"

	"nectar/backend/task"
	"nectar/backend/wire"
)

// Home is what the window shows first.
type Home struct{ bridge *Bridge }

// Now answers what is going on, what needs somebody, what is next and what just
// arrived.
//
//api:permission signed in; tells of the jobs that the person may read
//api:errors forbidden
func (h *Home) Now() (wire.Home, error) {
	return ask(h.bridge, now)
}

// Dismiss sets jobs aside that went wrong, for this person and until a later
// run of them goes wrong, and answers how things stand then.
//
//api:permission may read the jobs; another is not found
//api:errors forbidden, not_found
func (h *Home) Dismiss(ids []string) (wire.Home, error) {
	return ask(h.bridge, func(c call) (wire.Home, error) {
		chosen := lo.Map(ids, func(id string, _ int) task.ID { return task.ID(id) })
		if err := c.services.Home.Dismiss(c.ctx, c.person, chosen...); err != nil {
			return wire.Home{}, err
		}
		return now(c)
	})
}

// DismissAll sets everything aside that went wrong, and answers how things
// stand then.
//
//api:permission signed in
//api:errors forbidden
func (h *Home) DismissAll() (wire.Home, error) {
	return ask(h.bridge, func(c call) (wire.Home, error) {
		if err := c.services.Home.DismissAll(c.ctx, c.person); err != nil {
			return wire.Home{}, err
		}
		return now(c)
	})
}

func now(c call) (wire.Home, error) {
	overview, err := c.services.Home.Now(c.ctx, c.person)
	return c.maker.Home(overview), err
}
