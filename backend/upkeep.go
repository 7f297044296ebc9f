package backend

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/backup"
	"nectar/backend/datadir"
	"nectar/backend/doctor"
	"nectar/backend/library"
	"nectar/backend/plugins/device"
	"nectar/backend/plugins/reports"
	"nectar/backend/service"
	"nectar/backend/task"
)

// deviceDeps answers what the plugin that looks after the data stands on. The
// engine is asked when a job runs: by then there is one.
func (b *Backend) deviceDeps() device.Deps {
	return device.Deps{
		Backups:  b.shelf,
		Database: b.store,
		Folder:   b.folder.Path(),
		Free:     free,
		Expire: func(ctx context.Context, limits task.Retention) (int, error) {
			return b.engine.Expire(ctx, limits)
		},
		Retention: b.retention,
		Diagnose:  b.diagnose,
	}
}

func (b *Backend) diagnose(ctx context.Context, path string) error {
	return diagnose(ctx, b.folder, b.store, path)
}

// deviceConfig answers what the services that look after the data stand on.
func (b *Backend) deviceConfig() service.DeviceConfig {
	return service.DeviceConfig{
		Backups: b.shelf.List, Examine: patient(b.folder).Examine, Diagnose: b.diagnose,
		Offer: b.offer, Upgrade: b.upgrade,
	}
}

// Upkeep is what can be done for a data folder that is not open, and that may
// not be possible to open.
type Upkeep struct {
	// Folder is the path of the data folder.
	Folder string
}

// Backups answers the backups, the latest first. It makes nothing.
func (u Upkeep) Backups() ([]backup.Backup, error) { return Backups(u.Folder) }

// Restore puts a backup in the place of the database; see Restore.
func (u Upkeep) Restore(ctx context.Context, name string) (backup.Restored, error) {
	return Restore(ctx, u.Folder, name)
}

// Examine says what the machine has and lacks. It makes nothing.
func (u Upkeep) Examine(ctx context.Context) []doctor.Finding {
	return patient(datadir.Peek(u.Folder)).Examine(ctx)
}

// Diagnose writes what may interest whoever helps to a file, without what only
// the database knows.
func (u Upkeep) Diagnose(ctx context.Context, path string) error {
	return diagnose(ctx, datadir.Peek(u.Folder), nil, path)
}

// reportsDeps answers what the plugin that writes reports stands on. The
// services are asked when a job runs.
func (b *Backend) reportsDeps() reports.Deps {
	return reports.Deps{
		Person: b.person,
		Channels: func(ctx context.Context, person auth.Person) ([]library.Channel, error) {
			return b.Services.Library.Channels(ctx, person)
		},
		Jobs: func(ctx context.Context, person auth.Person, part func([]task.Job) error) error {
			return b.Services.Jobs.Each(ctx, person, part)
		},
	}
}

// person answers the person of an id as they are now; nobody when they are not
// here any more.
func (b *Backend) person(ctx context.Context, id string) (auth.Person, error) {
	if id == auth.Program().ID {
		return auth.Program(), nil
	}
	roll, err := b.store.Roll(ctx)
	if err != nil {
		return auth.Person{}, err
	}
	found, _ := roll.ByID(id)
	return found.Person, nil
}

// retention answers the limits that are set.
func (b *Backend) retention(ctx context.Context) (task.Retention, error) {
	values, err := b.Services.Settings.Values(ctx)
	return task.Retention{Days: int64(values.RetentionDays), Jobs: int64(values.RetentionJobs)}, err
}
