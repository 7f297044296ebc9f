package backend

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"nectar/backend/backup"
	"nectar/backend/config"
	"nectar/backend/datadir"
	"nectar/backend/drive"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/store"
	"nectar/backend/update"
)

// program answers the program that runs, as an update sees it.
func program(given *update.Program) update.Program {
	if given != nil {
		return *given
	}
	executable, _ := os.Executable() // "" is no installed program
	return update.Running(config.Version, config.UpdateKey, executable)
}

// lookLimit is how long looking through the drives for an update may take.
const lookLimit = 10 * time.Second

// offer looks for a newer version of the program in a folder or, for "", on the
// drives that can be plugged in. What is wrong with those is not told: nobody
// asked for them.
func (b *Backend) offer(ctx context.Context, folder string) (*update.Offer, error) {
	if folder != "" {
		return b.program.Look(ctx, folder)
	}
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	drives, err := b.places.drives.List(ctx)
	if err != nil {
		return nil, err
	}
	found := make(chan *update.Offer, len(drives)) // one that hangs keeps nobody
	looked := 0
	for _, d := range drives {
		if !d.Removable {
			continue
		}
		looked++
		go func(d drive.Drive) {
			offer, err := b.program.Look(ctx, d.Path)
			if err != nil {
				b.log.Info("an update on a drive is not offered", "drive", d.Path, "why", err)
			}
			found <- offer
		}(d)
	}
	var best *update.Offer
	for range looked {
		select {
		case offer := <-found:
			if offer != nil && (best == nil || update.Newer(offer.Version, best.Version)) {
				best = offer
			}
		case <-ctx.Done():
			return best, nil
		}
	}
	return best, nil
}

// upgrade installs an offer: a program of the user's own folder beside itself,
// any other by the installer of the system.
func (b *Backend) upgrade(ctx context.Context, offer update.Offer) (service.Upgraded, error) {
	packages := filepath.Join(b.folder.Path(), "updates")
	if err := os.RemoveAll(packages); err != nil {
		b.log.Info("packages of an earlier update are left", "why", err)
	}
	path, err := b.program.Fetch(ctx, offer, packages)
	if err != nil {
		return service.Upgraded{}, err
	}
	made, err := b.shelf.Make(ctx)
	if err != nil {
		return service.Upgraded{}, err
	}
	b.log.Info("backup before an update", "backup", made.Name, "version", offer.Version)
	trial := update.Trial{Version: offer.Version, Folder: b.folder.Path(), Backup: made.Name}
	if b.program.Kind == update.Setup {
		if err := b.program.Expect(trial); err != nil {
			return service.Upgraded{}, err
		}
	}
	if b.program.Kind != update.Archive {
		return service.Upgraded{Version: offer.Version, HandedOver: true}, b.launch(ctx, path)
	}
	defer func() { _ = os.RemoveAll(packages) }()
	err = b.program.Install(ctx, path, trial)
	return service.Upgraded{Version: offer.Version}, err
}

// Try starts the window with the arguments as a process of its own while its
// version is on trial, and answers its exit status; false when it is not, and
// this process is the window.
func Try(ctx context.Context, arguments []string) (code int, tried bool) {
	return program(nil).Try(ctx, arguments)
}

// Proven ends the trial of a new version of the program: its window was seen.
func Proven() error { return program(nil).Proven() }

// comeBack puts the database of before an update in its place again, when the
// new version did not start, and stored nothing of its own in the meantime: it
// may have brought the database up to a form that this version cannot read. It
// answers fault.UpdateReturned when there was such an update, for the person.
func comeBack(ctx context.Context, p update.Program, folder *datadir.Dir, shelf *backup.Shelf, log *slog.Logger) error {
	failed, ok := p.Failed()
	if !ok || failed.Folder != folder.Path() {
		return nil
	}
	log.Warn("a new version did not start, and this one is back", "version", failed.Version)
	_, err := store.Examine(ctx, folder.Database(), false)
	if fault.CodeOf(err) == fault.NewerData {
		same, err := store.Same(ctx, shelf.Path(failed.Backup), folder.Database())
		if err != nil {
			log.Warn("nobody can say what the new version stored", "error", err)
		}
		if same {
			if _, err := shelf.Restore(ctx, failed.Backup, fitInto(folder)); err != nil {
				return err
			}
			log.Info("the database of before the update is back", "backup", failed.Backup)
		}
	}
	if err := p.Forget(); err != nil {
		log.Warn("cannot forget an update that did not start", "error", err)
	}
	return fault.New(fault.UpdateReturned, "version", failed.Version)
}
