package backend

import (
	"context"
	"log/slog"
	"time"

	"nectar/backend/channel/source"
	"nectar/backend/channel/source/disk"
	"nectar/backend/channel/source/sample"
	"nectar/backend/drive"
	"nectar/backend/engine"
	"nectar/backend/task"
)

// Drives tells of the drives of a machine, and when some come or go; see the
// functions of package drive.
type Drives interface {
	disk.Drives
	Watch(ctx context.Context, changed func()) error
}

// places are where channels come from, and what an import waits for.
type places struct {
	drives Drives
	disks  disk.Machine
	log    *slog.Logger
}

var _ engine.World = places{}

func newPlaces(drives Drives, log *slog.Logger) places {
	if drives == nil {
		drives = drive.Machine{}
	}
	return places{drives: drives, disks: disk.On(drives), log: log}
}

// open finds the source that a reference names.
func (p places) open(_ context.Context, reference string) (source.Source, error) {
	if reference == string(source.Sample) {
		return sample.Open(), nil
	}
	return p.disks.Open(reference)
}

// find opens a source that was opened before.
func (p places) find(ctx context.Context, on source.On, reference string) (source.Source, error) {
	if on.Drive == "" {
		return p.open(ctx, reference)
	}
	return p.disks.Find(ctx, on, reference)
}

// discoverLimit is how long the list of drives may take.
const discoverLimit = 10 * time.Second

func (p places) discover(ctx context.Context) ([]source.Source, error) {
	ctx, cancel := context.WithTimeout(ctx, discoverLimit)
	defer cancel()
	drives, err := p.disks.Discover(ctx)
	if err != nil {
		return nil, err
	}
	return append(drives, sample.Open()), nil
}

// Met implements engine.World.
func (p places) Met(ctx context.Context, need task.Need) bool {
	switch need.Code {
	case task.NeedDrive:
		return p.disks.Here(ctx, source.On{Drive: need.Key, Comes: true}, "")
	case task.NeedFolder:
		return p.disks.Here(ctx, source.On{}, need.Key)
	}
	return true
}

// folderEvery is the pause between two looks at a folder that a job waits for:
// no system tells of a folder whose parents may be missing too.
const folderEvery = 5 * time.Second

// Watch implements engine.World.
func (p places) Watch(ctx context.Context, code string, changed func()) {
	switch code {
	case task.NeedDrive:
		p.watchDrives(ctx, changed)
	case task.NeedFolder:
		changed()
		look := time.NewTicker(folderEvery)
		defer look.Stop()
		for {
			select {
			case <-look.C:
				changed()
			case <-ctx.Done():
				return
			}
		}
	}
	<-ctx.Done()
}

// watchDrives calls changed when drives came or went, until the context ends.
func (p places) watchDrives(ctx context.Context, changed func()) {
	if err := p.drives.Watch(ctx, changed); err != nil && ctx.Err() == nil {
		p.log.Warn("cannot watch the drives", "error", err)
		changed() // what came before is seen at least
	}
	<-ctx.Done()
}

// contentQueue is the queue of the jobs that copy the files of channels.
const contentQueue = "content"

// maxUnfinished bounds the jobs that are looked at for what they will still
// write.
const maxUnfinished = 1000

// unfinished answers the jobs with files that wait or run.
func (b *Backend) unfinished(ctx context.Context) ([]task.Job, error) {
	return b.store.Matching(ctx, task.Filter{
		States: []task.State{task.Scheduled, task.Queued, task.Selected, task.Running, task.Paused, task.Canceling},
		Queue:  contentQueue, Readable: task.Readable{All: true},
	}, 0, maxUnfinished)
}
