package cli

import (
	"cmp"
	"context"

	"nectar/backend/wire"
)

type sourcesCommand struct{}

func (c *sourcesCommand) run(ctx context.Context, f *face) (int, error) {
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		found, err := s.Services.Sources.List(ctx, s.Person)
		if err != nil {
			return err
		}
		sources := make([]wire.Source, len(found))
		for i := range found {
			sources[i] = f.maker.Source(found[i])
		}
		return f.answer(sources, func() string { return f.sourceTable(sources) })
	})
}

func (f *face) sourceTable(sources []wire.Source) string {
	if len(sources) == 0 {
		return f.say.text("no_sources")
	}
	t := table{columns: []column{
		{head: f.say.text("head.name"), flex: true},
		{head: f.say.text("head.kind")},
		{head: f.say.text("head.channels"), right: true},
		{head: f.say.text("head.free"), right: true},
		{head: f.say.text("head.place"), flex: true},
	}}
	for _, s := range sources {
		free := ""
		if s.FreeBytes != nil {
			free = f.say.bytes(*s.FreeBytes)
		}
		t.add(s.Name, f.say.text("source."+s.Kind), f.say.number(int64(s.Channels)), free, cmp.Or(s.Path, s.URL, s.ID))
	}
	return t.render(f.env.Width)
}
