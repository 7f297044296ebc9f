package cli

import (
	"context"
	"strings"

	"nectar/backend/wire"
)

type diffCommand struct {
	Channel string `arg:"" help:"An id, or a name that only one channel here has."`
	From    string `required:"" placeholder:"SOURCE" help:"A folder or drive that holds KOLIBRI_DATA (or that folder itself), a server, or \"studio\"."`
}

// Help implements kong.HelpProvider.
func (c *diffCommand) Help() string {
	return `Counts new resources, those of which a file is to be copied again, those that are gone, and others whose words or place have changed. The bytes are those that "nectar update" would copy: new resources are imported with "nectar import" afterwards. Nothing is changed.`
}

func (c *diffCommand) run(ctx context.Context, f *face) (int, error) {
	source, err := f.reference(c.From)
	if err != nil {
		return statusRefused, err
	}
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		ids, err := f.findChannels(ctx, s, []string{c.Channel}, "")
		if err != nil {
			return err
		}
		diff, err := s.Services.Sources.Diff(ctx, s.Person, ids[0], source)
		if err != nil {
			return err
		}
		return f.answer(f.maker.Diff(diff), func() string { return f.diffText(f.maker.DiffDetail(diff)) })
	})
}

// diffText says what would change, and names the resources.
func (f *face) diffText(d wire.DiffDetail) string {
	var text strings.Builder
	line := func(key string, values ...any) { text.WriteString(f.say.text(key, values...) + "\n") }
	if d.FromVersion == d.ToVersion {
		return f.say.text("diff.same", "version", d.FromVersion)
	}
	line("diff.versions", "from", d.FromVersion, "to", d.ToVersion)
	for _, part := range []struct {
		key       string
		count     int
		resources []wire.Named
	}{
		{"diff.new", d.New, d.NewResources},
		{"diff.updated", d.Updated, d.UpdatedResources},
		{"diff.deleted", d.Deleted, d.DeletedResources},
		{"diff.changed", d.Changed, d.ChangedResources},
	} {
		line(part.key, "count", part.count)
		for _, r := range part.resources {
			text.WriteString("  " + plain(r.Title) + " (" + f.kind(r.Kind) + ")\n")
		}
	}
	line("diff.bytes", "size", d.Bytes)
	if d.UnusedFiles > 0 {
		line("diff.unused", "count", d.UnusedFiles, "size", d.UnusedBytes)
	}
	for _, note := range d.Notes {
		line("diff.note", "version", note.Version, "text", plain(note.Text))
	}
	return text.String()
}
