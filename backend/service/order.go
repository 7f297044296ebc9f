package service

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// Order gives the channels on this laptop these places, and answers all of
// them in their order. Those that are not named come after, by name. It is for
// those who may manage content.
func (l *Library) Order(ctx context.Context, person auth.Person, ids []channel.ID) ([]library.Channel, error) {
	if !task.ManageContent.MayRun(person, nil) {
		return nil, fault.New(fault.Forbidden)
	}
	for _, id := range ids {
		if _, err := l.library.Name(ctx, id); err != nil {
			return nil, err
		}
	}
	if err := l.library.Order(ctx, ids); err != nil {
		return nil, err
	}
	return l.library.Channels(ctx)
}
