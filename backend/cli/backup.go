package cli

import (
	"context"

	"nectar/backend/backup"
	"nectar/backend/service"
	"nectar/backend/wire"
)

type backupCommand struct {
	Now     backupNowCommand     `cmd:"" default:"1" hidden:"" help:"Make a backup."`
	List    listBackupsCommand   `cmd:"" help:"List the backups, the latest first."`
	Restore restoreBackupCommand `cmd:"" help:"Bring a backup back in the place of the database."`
}

// Help implements kong.HelpProvider.
func (c *backupCommand) Help() string {
	return `Without a word after it, it makes a backup of the database: jobs, schedules, people and settings, not the files of channels. The last seven are kept.`
}

type backupNowCommand struct{}

func (c *backupNowCommand) run(ctx context.Context, f *face) (int, error) {
	order := order{
		wait: true,
		requests: func(context.Context, *Session) ([]service.Request, error) {
			return []service.Request{{"type": "device.backup"}}, nil
		},
	}
	return order.carryOut(ctx, f)
}

type listBackupsCommand struct{}

func (c *listBackupsCommand) run(ctx context.Context, f *face) (int, error) {
	answer := func(found []backup.Backup, err error) error {
		if err != nil {
			return err
		}
		backups := f.maker.Backups(found)
		return f.answer(backups, func() string { return f.backupTable(backups) })
	}
	return statusDone, f.upkeep(ctx,
		func(s *Session) error { return answer(s.Services.Device.Backups(s.Person)) },
		func(keeper Upkeep) error { return answer(keeper.Backups()) })
}

func (f *face) backupTable(backups []wire.Backup) string {
	if len(backups) == 0 {
		return f.say.text("no_backups")
	}
	t := table{columns: []column{
		{head: f.say.text("head.name")},
		{head: f.say.text("head.made")},
		{head: f.say.text("head.size"), right: true},
	}}
	for _, b := range backups {
		t.add(b.Name, local(&b.Made), f.say.bytes(b.Bytes))
	}
	return t.render(f.env.Width)
}

type restoreBackupCommand struct {
	Name  string `arg:"" optional:"" help:"The name of the backup, as \"nectar backup list\" shows it."`
	Empty bool   `help:"Begin with an empty database instead."`
}

// Help implements kong.HelpProvider.
func (c *restoreBackupCommand) Help() string {
	return `The database that was here is kept beside it. What was done after the backup was made is not in it; channels and their files stay where they are. No Nectar may be running.`
}

func (c *restoreBackupCommand) run(ctx context.Context, f *face) (int, error) {
	if (c.Name != "") == c.Empty {
		return statusRefused, f.usage("usage.no_backup")
	}
	err := f.upkeep(ctx,
		func(s *Session) error { return s.Services.Device.MayRestore(s.Person) },
		func(Upkeep) error { return nil })
	if err != nil {
		return statusRefused, err
	}
	keeper, err := f.env.Upkeep(f.globals.Data)
	if err != nil {
		return statusRefused, err
	}
	done, err := keeper.Restore(ctx, c.Name)
	if err != nil {
		return statusRefused, err
	}
	restored := f.maker.Restored(done)
	return statusDone, f.answer(restored, func() string { return f.restoredText(restored) })
}

// restoredText says what was brought back and what is lost.
func (f *face) restoredText(r wire.Restored) string {
	text := f.say.text("restored_empty")
	if r.Made != nil {
		text = f.say.text("restored", "name", r.Name, "made", local(r.Made), "count", r.Jobs)
	}
	if r.LostJobs != nil {
		text += "\n" + f.say.text("restored_lost", "count", *r.LostJobs)
	}
	if r.HeldJobs > 0 {
		text += "\n" + f.say.text("restored_held", "count", r.HeldJobs)
	}
	if r.Replaced != nil {
		text += "\n" + f.say.text("restored_kept", "path", *r.Replaced)
	}
	return text
}
