package cli

import (
	"context"
	"fmt"

	"nectar/backend/service"
	"nectar/backend/wire"
)

type settingsCommand struct {
	Get getSettingCommand `cmd:"" default:"withargs" help:"Show the settings, or one of them."`
	Set setSettingCommand `cmd:"" help:"Change a setting. It takes effect at once."`
}

type getSettingCommand struct {
	Name string `arg:"" optional:"" help:"The name of one setting."`
}

func (c *getSettingCommand) run(ctx context.Context, f *face) (int, error) {
	return statusDone, f.with(ctx, ToRead, func(s *Session) error {
		if c.Name != "" {
			now, err := s.Services.Settings.Get(ctx, s.Person, c.Name)
			if err != nil {
				return err
			}
			return f.answerSetting(now)
		}
		list, err := s.Services.Settings.List(ctx, s.Person)
		if err != nil {
			return err
		}
		settings := make([]wire.Setting, len(list))
		for i, now := range list {
			settings[i] = f.maker.Setting(now)
		}
		return f.answer(settings, func() string { return f.settingTable(settings) })
	})
}

type setSettingCommand struct {
	Name  string   `arg:"" help:"The name of the setting."`
	Value verbatim `arg:"" help:"Its new value."`
}

func (c *setSettingCommand) run(ctx context.Context, f *face) (int, error) {
	return statusDone, f.with(ctx, ToStore, func(s *Session) error {
		now, err := s.Services.Settings.Set(ctx, s.Person, c.Name, service.SettingText(string(c.Value)))
		if err != nil {
			return err
		}
		return f.answerSetting(now)
	})
}

func (f *face) answerSetting(now service.SettingNow) error {
	setting := f.maker.Setting(now)
	return f.answer(setting, func() string { return f.settingTable([]wire.Setting{setting}) })
}

func (f *face) settingTable(settings []wire.Setting) string {
	t := table{columns: []column{
		{head: f.say.text("head.name")},
		{head: f.say.text("head.value"), right: true},
		{head: f.say.text("head.summary"), flex: true},
	}}
	for _, s := range settings {
		t.add(s.Name, fmt.Sprint(s.Value), f.say.text("setting."+s.Name))
	}
	return t.render(f.env.Width)
}
