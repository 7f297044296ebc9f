package cli

import (
	"context"
	"fmt"
	"strings"

	"nectar/backend/doctor"
	"nectar/backend/wire"
)

type doctorCommand struct{}

// run looks without opening the folder, so that it works where nothing else
// does.
func (c *doctorCommand) run(ctx context.Context, f *face) (int, error) {
	keeper, err := f.env.Upkeep(f.globals.Data)
	if err != nil {
		return statusRefused, err
	}
	findings := f.maker.Findings(keeper.Examine(ctx))
	return statusDone, f.answer(findings, func() string { return f.findingsText(findings) })
}

func (f *face) findingsText(findings []wire.Finding) string {
	var b strings.Builder
	for _, finding := range findings {
		fmt.Fprintf(&b, "%s %s\n", f.sign(finding.State), plain(finding.Message))
		if finding.Advice != nil {
			fmt.Fprintf(&b, "   %s\n", plain(*finding.Advice))
		}
	}
	return b.String()
}

// sign marks how good or bad a finding is.
func (f *face) sign(state string) string {
	switch doctor.State(state) {
	case doctor.Bad:
		return f.say.text("finding.bad")
	case doctor.Warning:
		return f.say.text("finding.warning")
	default:
		return f.say.text("finding.good")
	}
}

type diagnosticsCommand struct {
	Out string `required:"" placeholder:"FILE.zip" help:"The file to write."`
}

// written is the answer of "diagnostics".
type written struct {
	Path string `json:"path"`
}

func (c *diagnosticsCommand) run(ctx context.Context, f *face) (int, error) {
	path, err := f.path(c.Out)
	if err != nil {
		return statusRefused, err
	}
	err = f.upkeep(ctx,
		func(s *Session) error { return s.Services.Device.Diagnose(ctx, s.Person, path) },
		func(keeper Upkeep) error { return keeper.Diagnose(ctx, path) })
	if err != nil {
		return statusRefused, err
	}
	return statusDone, f.answer(written{path}, func() string { return f.say.text("diagnosed", "path", path) })
}
