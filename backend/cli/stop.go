package cli

import (
	"context"

	"github.com/samber/lo"
)

type stopCommand struct{}

// Help implements kong.HelpProvider.
func (c *stopCommand) Help() string {
	return `Asks the Nectar that uses the data folder to end, as an installer does before it puts a newer version in its place. Its jobs stop safely and go on next time. Answers when it has.`
}

// stopped is the answer of "stop".
type stopped struct {
	Stopped *string `json:"stopped"` // "window", "work" or "waiting"; null when there was nothing to stop
}

// run asks for nobody: whoever is at the laptop can close a window.
func (c *stopCommand) run(ctx context.Context, f *face) (int, error) {
	role, err := f.env.Stop(ctx, f.globals.Data)
	if err != nil {
		return statusRefused, err
	}
	return statusDone, f.answer(stopped{lo.EmptyableToPtr(string(role))}, func() string {
		if role == "" {
			return f.say.text("stop.none")
		}
		return f.say.text("stop.done")
	})
}
