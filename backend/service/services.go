package service

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/channel/preflight"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/clock"
	"nectar/backend/engine"
	"nectar/backend/library"
	"nectar/backend/store"
	"nectar/backend/task"
)

// Services are all use cases over one data folder.
type Services struct {
	Jobs    *Jobs
	Library *Library
	Sources *Sources
	People  *People

	Settings *Settings
	Device   *Device
	Home     *Home
}

// Config is what the services stand on.
type Config struct {
	Store    *store.Store
	Registry *task.Registry
	Engine   *engine.Engine
	Library  *library.Library
	// Open finds the source that a reference names: a path, the
	// address of a server, "studio" or "sample".
	Open func(ctx context.Context, reference string) (source.Source, error)
	// Discover lists the sources at hand.
	Discover func(ctx context.Context) ([]source.Source, error)
	// WatchSources calls changed when drives or servers came or went, until the
	// context ends.
	WatchSources func(ctx context.Context, changed func())
	// Space measures the room for content.
	Space func() (Space, error)
	// ImportDisk measures the disk that an import of the channel would come to,
	// and what other jobs will still write there.
	ImportDisk func(ctx context.Context, id channel.ID) (preflight.Disk, error)
	// PreflightExport answers what an export to a folder would do.
	PreflightExport func(ctx context.Context, id channel.ID, path string, options selection.Options) (preflight.Answer, error)
	// Eject lets the drive at a path go.
	Eject func(ctx context.Context, path string) error
	// Show shows a resource of this laptop, which has the files that are here,
	// to whoever sits at it. Without it nothing can be shown.
	Show func(ctx context.Context, resource db.Resource) error
	// WrongPINs is the file that counts wrong PINs. It is made with the first
	// one.
	WrongPINs string
	// Clock tells the time; that of package time by default.
	Clock clock.Clock
	// Device is what Device stands on.
	Device DeviceConfig
}

// Space is the room for content, in bytes.
type Space struct {
	Free    int64 // that an import may use, the reserve taken off
	Total   int64
	Reserve int64
}

// New makes the services.
func New(c Config) *Services {
	trees := &trees{open: c.Open}
	if c.Clock == nil {
		c.Clock = clock.Plain()
	}
	settings := &Settings{store: c.Store}
	jobs := &Jobs{store: c.Store, registry: c.Registry, engine: c.Engine}
	lib := &Library{library: c.Library, trees: trees, space: c.Space, show: c.Show}
	return &Services{
		Jobs:    jobs,
		Library: lib,
		Sources: &Sources{library: c.Library, open: c.Open, trees: trees, discover: c.Discover, watch: c.WatchSources, disk: c.ImportDisk, exports: c.PreflightExport, eject: c.Eject},
		People: &People{
			store: c.Store, settings: settings, guard: auth.NewGuard(c.WrongPINs, c.Clock.Elapsed), clock: c.Clock,
			sessions: map[*Session]bool{},
		},
		Settings: settings,
		Device:   &Device{on: c.Device},
		Home:     &Home{jobs: jobs, library: lib},
	}
}
