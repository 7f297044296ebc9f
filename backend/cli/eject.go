package cli

import "context"

type ejectCommand struct {
	Path string `arg:"" name:"path" help:"The drive, or a folder on it."`
}

// Help implements kong.HelpProvider.
func (c *ejectCommand) Help() string {
	return `Lets the drive go, so that it can be pulled out: what is not written yet is written first.`
}

func (c *ejectCommand) run(ctx context.Context, f *face) (int, error) {
	path, err := f.path(c.Path)
	if err != nil {
		return statusRefused, err
	}
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		if err := s.Services.Sources.Eject(ctx, s.Person, path); err != nil {
			return err
		}
		return f.answer(map[string]string{"ejected": path}, func() string { return f.say.text("ejected", "path", path) })
	})
}
