package cli

import (
	"context"

	"nectar/backend/service"
)

type adoptCommand struct {
	Dir      string `arg:"" help:"The content folder of a Kolibri, the home folder of Kolibri that holds it, or a drive with KOLIBRI_DATA."`
	TakeOver bool   `help:"Write there as well: import and delete channels. Kolibri must not run then."`
	NoWait   bool   `help:"Store the job and leave. It runs when a window or \"nectar work\" does."`
}

// Help implements kong.HelpProvider.
func (c *adoptCommand) Help() string {
	return `Uses the channels of a Kolibri where they are, and checks their files. Nothing is written there until the folder is taken over. Refused while Kolibri runs on it, and where this laptop has channels of its own. To leave it again, name the folder "content" in Nectar's data folder.

    nectar adopt ~/.kolibri
    nectar adopt ~/.kolibri --take-over`
}

func (c *adoptCommand) run(ctx context.Context, f *face) (int, error) {
	path, err := f.path(c.Dir)
	if err != nil {
		return statusRefused, err
	}
	request := service.Request{"type": "content.adopt", "path": path}
	if c.TakeOver {
		request["take_over"] = true
	}
	return placing(request, !c.NoWait).carryOut(ctx, f)
}

type moveCommand struct {
	Dir    string `arg:"" help:"Where the channels are to be: an empty folder, or one that does not exist yet."`
	NoWait bool   `help:"Store the job and leave. It runs when a window or \"nectar work\" does."`
}

// Help implements kong.HelpProvider.
func (c *moveCommand) Help() string {
	return `Moves the content folder with all channels. On the same disk that is one step; to another one every file is copied and compared first, and the old ones go last.

    nectar move /mnt/big/nectar-content`
}

func (c *moveCommand) run(ctx context.Context, f *face) (int, error) {
	path, err := f.path(c.Dir)
	if err != nil {
		return statusRefused, err
	}
	return placing(service.Request{"type": "content.move", "path": path}, !c.NoWait).carryOut(ctx, f)
}

// placing is the order of one job that puts the content folder elsewhere.
func placing(request service.Request, wait bool) order {
	return order{wait: wait, requests: func(context.Context, *Session) ([]service.Request, error) {
		return []service.Request{withWhen(request, map[string]any{"if_not": true})}, nil
	}}
}
