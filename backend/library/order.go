package library

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"nectar/backend/channel"
)

// Order gives the channels these places in the library, in the place of the
// former order. Those that are not named come after them, by name.
func (l *Library) Order(ctx context.Context, ids []channel.ID) error {
	return l.store.OrderChannels(ctx, ids)
}

func (l *Library) sort(ctx context.Context, channels []Channel) error {
	order, err := l.store.ChannelOrder(ctx)
	if err != nil {
		return err
	}
	place := func(c Channel) int {
		if position, placed := order[c.ID]; placed {
			return position
		}
		return len(order)
	}
	slices.SortFunc(channels, func(a, b Channel) int {
		return cmp.Or(
			cmp.Compare(place(a), place(b)),
			cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
			cmp.Compare(a.ID, b.ID),
		)
	})
	return nil
}
