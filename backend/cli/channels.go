package cli

import (
	"context"
	"strings"

	"github.com/samber/lo"

	"nectar/backend/library"
	"nectar/backend/wire"
)

type channelsCommand struct {
	From  *string  `xor:"which" placeholder:"SOURCE" help:"List those at this source: a folder or drive that holds KOLIBRI_DATA, the address of a Kolibri server, \"studio\" or \"sample\"."`
	Order []string `xor:"which" sep:"none" placeholder:"CHANNEL" help:"Put this channel first on this laptop. May be given several times; the other channels come after, by name."`
}

func (c *channelsCommand) run(ctx context.Context, f *face) (int, error) {
	source, err := f.optionalReference(c.From)
	if err != nil {
		return statusRefused, err
	}
	if len(c.Order) > 0 {
		return statusDone, f.with(ctx, ToStore, func(s *Session) error { return f.orderChannels(ctx, s, c.Order) })
	}
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		channels, err := f.channels(ctx, s, source)
		if err != nil {
			return err
		}
		return f.answer(channels, func() string { return f.channelTable(channels) })
	})
}

// orderChannels puts the channels first, in this order, and lists all of them.
func (f *face) orderChannels(ctx context.Context, s *Session, first []string) error {
	ids, err := f.findChannels(ctx, s, first, "")
	if err != nil {
		return err
	}
	ordered, err := s.Services.Library.Order(ctx, s.Person, ids)
	if err != nil {
		return err
	}
	channels := lo.Map(ordered, func(c library.Channel, _ int) wire.Channel { return f.maker.Channel(c) })
	return f.answer(channels, func() string { return f.channelTable(channels) })
}

func (f *face) channels(ctx context.Context, s *Session, source string) ([]wire.Channel, error) {
	channels := []wire.Channel{}
	if source == "" {
		here, err := s.Services.Library.Channels(ctx, s.Person)
		for _, c := range here {
			channels = append(channels, f.maker.Channel(c))
		}
		if err == nil && len(channels) == 0 {
			err = s.Services.Library.Reachable() // none is in a folder that is away
		}
		return channels, err
	}
	_, offers, err := s.Services.Sources.Channels(ctx, s.Person, source)
	for _, o := range offers {
		channels = append(channels, f.maker.Offer(o, source))
	}
	return channels, err
}

func (f *face) channelTable(channels []wire.Channel) string {
	if len(channels) == 0 {
		return f.say.text("no_channels")
	}
	t := table{columns: []column{
		{head: f.say.text("head.name"), flex: true},
		{head: f.say.text("head.version"), right: true},
		{head: f.say.text("head.resources"), right: true},
		{head: f.say.text("head.size"), right: true},
		{head: f.say.text("head.here"), right: true},
		{head: f.say.text("head.id")},
	}}
	var faults strings.Builder
	for _, c := range channels {
		if c.Fault != nil {
			faults.WriteString("\n" + f.errorText(c.Fault))
			continue
		}
		t.add(c.Name, f.say.number(c.Version), f.say.number(int64(c.TotalResources)), f.say.bytes(c.Size),
			f.say.number(int64(c.AvailableResources)), c.ID)
	}
	return t.render(f.env.Width) + faults.String()
}
