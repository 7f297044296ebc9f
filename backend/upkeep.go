package backend

import (
	"context"

	"github.com/samber/lo"

	"nectar/backend/auth"
	"nectar/backend/library"
	"nectar/backend/plugins/device"
	"nectar/backend/plugins/reports"
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
	}
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
	people, err := b.store.People(ctx)
	if err != nil {
		return auth.Person{}, err
	}
	found, _ := lo.Find(people, func(p auth.Person) bool { return p.ID == id })
	return found, nil
}

// retention answers the limits that are set.
func (b *Backend) retention(ctx context.Context) (task.Retention, error) {
	values, err := b.Services.Settings.Values(ctx)
	return task.Retention{Days: int64(values.RetentionDays), Jobs: int64(values.RetentionJobs)}, err
}
