// Package backend puts the parts of Nectar together: it opens a data folder
// and answers the services over it. All of it works without a window.
package backend

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/samber/lo"

	"nectar/backend/backup"
	"nectar/backend/channel/source/server"
	"nectar/backend/channel/transfer"
	"nectar/backend/clock"
	"nectar/backend/datadir"
	"nectar/backend/drive"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/gentle"
	"nectar/backend/i18n"
	"nectar/backend/library"
	"nectar/backend/opener"
	"nectar/backend/peer"
	"nectar/backend/plugins"
	"nectar/backend/plugins/content"
	"nectar/backend/service"
	"nectar/backend/store"
	"nectar/backend/task"
	"nectar/backend/update"
	"nectar/backend/wire"
)

// reserve is how many bytes an import leaves free on the disk: Kolibri's
// figure.
const reserve = 250e6

// leisure is how long after a start every file is looked at, at the earliest:
// whoever started the program is served first, and so are jobs. A command that
// brings files looks at its own.
const leisure = 5 * time.Second

// networkPatience is how long a process that only reads waits for servers of
// the network.
const networkPatience = 4 * time.Second

// Config says what to open and how.
type Config struct {
	// Folder is the data folder.
	Folder string
	// Language is the tag of the system's language, in which sentences are
	// unless the setting "language" chooses another; "en" by default.
	Language string
	// Log receives what may interest whoever helps. Discarded by default.
	Log *slog.Logger
	// Focused limits the engine to the jobs that Focus names.
	Focused bool
	// Drives tells of the drives; those of this machine by default.
	Drives Drives
	// Launch opens a path or an http address with the system's own program;
	// opener.Launch by default.
	Launch func(ctx context.Context, target string) error
	// Power tells of the charger and the battery; those of this machine by
	// default.
	Power Power
	// Servers says how servers are dealt with, and where Studio is.
	Servers server.Config

	// Program is what an update would replace; this program by default.
	Program *update.Program

	further   []task.Plugin                           // of a test, beside the installed ones
	findPeers func(ctx context.Context) []peer.Server // of a test, in place of the network
	now       func() time.Time                        // of a test, by which quiet hours go
}

// Backend is an open data folder. Its methods may be called concurrently.
type Backend struct {
	Services *service.Services
	Maker    *wire.Maker

	log     *slog.Logger
	lock    *datadir.Lock
	store   *store.Store
	engine  *engine.Engine
	focus   *focus
	claims  *transfer.Claims
	library *library.Library
	opener  *opener.Opener
	folder  *datadir.Dir
	program update.Program
	launch  func(ctx context.Context, target string) error
	// periodic are the jobs to be there from the first start on; none where
	// only some jobs run.
	periodic []task.Periodic

	places places
	awake  *awake
	shelf  *backup.Shelf
	lost   error // what of the database was found missing at the start, if anything
	back   error // the new version that did not start, if this one is back
	sweep  context.CancelFunc
	swept  chan struct{}
}

// Open takes the data folder for this process, makes it when there is none,
// and opens it. A folder that another process owns is fault.InUse.
func Open(ctx context.Context, config Config) (_ *Backend, err error) {
	folder, err := datadir.Open(config.Folder)
	if err != nil {
		return nil, err
	}
	lock, err := folder.Lock()
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = lock.Unlock()
		}
	}()
	log := cmp.Or(config.Log, slog.New(slog.DiscardHandler))
	shelf := backup.Of(folder, nil)
	running := program(config.Program)
	config.Program = &running
	back := comeBack(ctx, running, folder, shelf, log)
	if fault.CodeOf(back) != fault.UpdateReturned && back != nil {
		return nil, back
	}
	st, lost, err := openDatabase(ctx, folder, shelf, log)
	if err != nil {
		return nil, err
	}
	b, err := assemble(ctx, config, folder, st, true)
	if err != nil {
		_ = st.Close()
		return nil, err
	}
	b.lock, b.lost, b.back = lock, lost, back
	if err := b.prepare(ctx); err != nil {
		_ = st.Close()
		return nil, err
	}
	return b, nil
}

// prepare makes what a first start makes, and lets settings take effect.
func (b *Backend) prepare(ctx context.Context) error {
	if err := b.Services.People.Prepare(ctx, ""); err != nil {
		return err
	}
	_, err := b.Services.Settings.Watch(ctx, func(v service.Values) {
		b.engine.Resize(v.WorkersRegular, v.WorkersHigh)
		b.places.servers.client.Limit(int64(v.DownloadLimit) * 1000)
		b.places.conditions.obey(v)
		b.awake.obey(v)
	})
	return err
}

// speaking answers the maker of sentences in the language that people decided
// on, else in that of the system of whoever asks.
func (b *Backend) speaking(ctx context.Context, system string) (*wire.Maker, error) {
	values, err := b.Services.Settings.Values(ctx)
	if err == nil && values.Language != service.SystemLanguage {
		system = values.Language
	}
	return b.Maker.In(system), err
}

// OpenToRead opens the data folder beside whoever owns it. It makes nothing
// and takes no lock; a folder that does not exist is like an empty one.
func OpenToRead(ctx context.Context, config Config) (*Backend, error) {
	folder := datadir.Peek(config.Folder)
	var st *store.Store
	if err := backup.Of(folder, nil).Pending(ctx); err != nil {
		return nil, err
	}
	_, err := os.Stat(folder.Database())
	if errors.Is(err, os.ErrNotExist) {
		st, err = store.OpenEmpty(ctx)
	} else {
		st, err = store.OpenToRead(ctx, folder.Database(), store.Options{})
	}
	if err != nil {
		return nil, err
	}
	b, err := assemble(ctx, config, folder, st, false)
	if err != nil {
		_ = st.Close()
		return nil, err
	}
	return b, nil
}

func assemble(ctx context.Context, config Config, folder *datadir.Dir, st *store.Store, owner bool) (*Backend, error) {
	if config.Launch == nil {
		config.Launch = opener.Launch
	}
	b := &Backend{
		log: cmp.Or(config.Log, slog.New(slog.DiscardHandler)), store: st, folder: folder, shelf: backup.Of(folder, nil),
		claims: &transfer.Claims{}, focus: &focus{}, sweep: func() {},
		program: program(config.Program), launch: config.Launch,
	}
	lib, err := library.Open(folder.ContentRecord(), folder.Content(), st)
	if err != nil {
		return nil, err
	}
	places := newPlaces(config, b.log, lib)
	b.places = places
	b.awake = newAwake(places.conditions.power, b.Running, b.log)
	if !owner {
		places.patience = networkPatience // nobody tells of what is found later
	}
	b.library = lib
	channels := content.Deps{
		Library: lib, Open: places.open, Reach: places.servers.reach, Find: places.find, Here: places.disks.Here,
		Free: free, Reserve: reserve, Claims: b.claims,
		Places: places.disks, Exports: st, Unfinished: b.unfinished,
	}
	installed := append(plugins.All(plugins.Deps{
		Content: channels,
		Device:  b.deviceDeps(),
		Reports: b.reportsDeps(),
	}), config.further...)
	texts, registry, err := register(installed)
	if err != nil {
		return nil, err
	}
	if !config.Focused {
		b.periodic = lo.FlatMap(installed, func(p task.Plugin, _ int) []task.Periodic { return p.Periodic })
	}
	if owner {
		var eligible func(*task.Job) bool
		if config.Focused {
			eligible = b.focus.allows
		}
		b.engine = engine.New(engine.Config{
			Store: st, Registry: registry, Log: b.log, Clock: clock.System(), Eligible: eligible, World: places,
		})
	}
	b.opener = opener.New(opener.Config{Content: lib.Content, Copies: folder.Opened(), Launch: config.Launch})
	b.Maker = wire.NewMaker(texts, registry, cmp.Or(config.Language, i18n.English))
	b.Services = service.New(service.Config{
		Store: st, Registry: registry, Engine: b.engine, Library: lib, Open: places.open, Discover: places.discover,
		WatchSources: places.watch,
		Space:        func() (service.Space, error) { return space(lib.Content()) },
		ImportDisk:   importDisk(channels), PreflightExport: preflightExport(channels), Eject: drive.Eject,
		Show:      b.opener.Show,
		WrongPINs: folder.WrongPINs(), Clock: clock.System(),
		Device: b.deviceConfig(),
	})
	b.Maker, err = b.speaking(ctx, b.Maker.Language())
	return b, err
}

// register merges what the plugins bring.
func register(installed []task.Plugin) (*i18n.Catalog, *task.Registry, error) {
	texts := i18n.New()
	var tasks []task.Declared
	for _, p := range installed {
		tasks = append(tasks, p.Tasks...)
		if p.Texts == nil {
			continue
		}
		if err := texts.Add(p.Texts); err != nil {
			return nil, nil, fmt.Errorf("texts of a plugin: %w", err)
		}
	}
	registry, err := task.NewRegistry(tasks...)
	return texts, registry, err
}

// Start recovers what an earlier process left and begins to run due jobs. It
// is for a Backend that Open answered.
func (b *Backend) Start(ctx context.Context) error {
	b.sweepFetched() // while nothing is fetched
	if err := b.engine.Start(ctx); err != nil {
		return err
	}
	if err := b.seed(ctx); err != nil {
		return err
	}
	sweeping, stop := context.WithCancel(context.WithoutCancel(ctx))
	b.sweep, b.swept = stop, make(chan struct{})
	var awake sync.WaitGroup
	jobs := b.engine.Subscribe()
	awake.Go(func() { b.awake.keep(sweeping, jobs) })
	go func() {
		defer close(b.swept)
		defer awake.Wait()
		removed, err := b.sweepContent(sweeping)
		if err != nil && sweeping.Err() == nil {
			b.log.Warn("cannot sweep temporary files", "error", err)
		}
		if removed > 0 {
			b.log.Info("swept temporary files of an earlier run", "count", removed)
		}
		if !b.quiet(sweeping) {
			return
		}
		err = gentle.Do(func() error { return b.library.NoticeAll(sweeping) })
		if err != nil && sweeping.Err() == nil {
			b.log.Warn("cannot look through the content folder", "error", err)
		}
	}()
	return nil
}

// sweepFetched removes databases whose fetching was broken off, where the
// content folder is ours to write.
func (b *Backend) sweepFetched() {
	err := b.library.May(library.Writing)
	if err == nil {
		err = transfer.SweepFetched(b.library.Content())
	}
	if err != nil {
		b.log.Info("databases of an earlier run are left where they are", "why", err)
	}
}

// sweepContent removes half-copied files, where the content folder is ours to
// write.
func (b *Backend) sweepContent(ctx context.Context) (int, error) {
	leave, err := b.library.Enter(library.Writing)
	if err != nil {
		b.log.Info("temporary files are left where they are", "why", err)
		return 0, nil
	}
	defer leave()
	sweep := transfer.Sweep
	if left, err := b.left(ctx); err == nil && !left {
		sweep = transfer.SweepAll
	}
	return sweep(ctx, b.library.Content(), b.claims)
}

// Focus lets a focused engine run the job, and before it every job that holds
// its exclusive key.
func (b *Backend) Focus(ctx context.Context, job task.Job) error {
	b.focus.add(job)
	return b.engine.Reconsider(ctx)
}

// Owes reports whether the time of a scheduled job has come that is not queued
// yet.
func (b *Backend) Owes(ctx context.Context) (bool, error) { return b.engine.Owes(ctx) }

// Running answers how many jobs are under way.
func (b *Backend) Running() int {
	if b.engine == nil {
		return 0
	}
	return b.engine.Busy()
}

// Close stops the running jobs safely, so that they go on next time, and
// closes the folder. Jobs that do not stop before the context ends are left
// to the next start. Closing twice is allowed.
func (b *Backend) Close(ctx context.Context) error {
	b.sweep()
	if b.swept != nil {
		<-b.swept
	}
	var errs []error
	if b.engine != nil {
		errs = append(errs, b.engine.Stop(ctx))
	}
	if b.lock != nil {
		errs = append(errs, b.shelf.Unmark())
		if err := b.opener.Close(); err != nil {
			// A program still has a copy open: the next Close removes it.
			b.log.Info("cannot remove the copies that were opened", "error", err)
		}
	}
	b.places.servers.close()
	errs = append(errs, b.store.Close())
	if b.lock != nil {
		errs = append(errs, b.lock.Unlock())
	}
	return errors.Join(errs...)
}

func free(path string) (int64, error) {
	n, _, err := drive.Space(path)
	return n, err
}

func space(path string) (service.Space, error) {
	n, total, err := drive.Space(path)
	return service.Space{Free: max(n-reserve, 0), Total: total, Reserve: reserve}, err
}
