package backend

import (
	"context"
	"log/slog"
	"time"

	"nectar/backend/channel/source"
	"nectar/backend/channel/source/disk"
	"nectar/backend/channel/source/sample"
	"nectar/backend/channel/source/server"
	"nectar/backend/drive"
	"nectar/backend/engine"
	"nectar/backend/library"
	"nectar/backend/peer"
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
	drives  Drives
	disks   disk.Machine
	log     *slog.Logger
	library *library.Library

	servers    *servers
	conditions *conditions
	patience   time.Duration // how long a list of sources waits for the network
}

var (
	_ engine.World      = places{}
	_ engine.Foreteller = places{}
)

func newPlaces(config Config, log *slog.Logger, lib *library.Library) places {
	find := config.findPeers
	if find == nil {
		find = lookForPeers
	}
	p := places{drives: config.Drives, log: log, library: lib, servers: newServers(config.Servers, find), conditions: newConditions(config.Power, config.now)}
	if p.drives == nil {
		p.drives = drive.Machine{}
	}
	p.disks = disk.On(p.drives)
	return p
}

// lookForPeers finds the servers of the network. Tests leave the network
// alone.
var lookForPeers = peer.Find

// open finds the source that a reference names.
func (p places) open(ctx context.Context, reference string) (source.Source, error) {
	switch {
	case reference == string(source.Sample):
		return sample.Open(), nil
	case server.IsAddress(reference):
		return p.servers.client.Open(ctx, reference)
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
	p.servers.search() // meanwhile
	drives, err := p.disks.Discover(ctx)
	if err != nil {
		return nil, err
	}
	found := append(drives, p.servers.nearby(ctx, p.patience)...)
	return append(found, sample.Open()), nil
}

// Met implements engine.World.
func (p places) Met(ctx context.Context, need task.Need) bool {
	switch need.Code {
	case task.NeedDrive:
		return p.disks.Here(ctx, source.On{Drive: need.Key, Comes: true}, "")
	case task.NeedFolder:
		return p.disks.Here(ctx, source.On{}, need.Key)
	case task.NeedServer:
		return p.servers.met(ctx, need.Key)
	case task.NeedPower, task.NeedCalm:
		return p.conditions.met(need.Code)
	case task.NeedContent:
		return p.library.Free(library.Alone)
	case task.NeedContentMoved:
		return p.library.Free(library.Reading)
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
	case task.NeedContent, task.NeedContentMoved:
		p.library.WatchUse(ctx, changed)
	case task.NeedFolder:
		lookEvery(ctx, folderEvery, changed)
	case task.NeedPower, task.NeedCalm:
		p.conditions.watch(ctx, changed)
	case task.NeedServer:
		p.servers.await(ctx, changed)
	}
	<-ctx.Done()
}

// watch calls changed when drives or servers came or went, until the context
// ends.
func (p places) watch(ctx context.Context, changed func()) {
	defer p.servers.watch(changed)()
	p.watchDrives(ctx, changed)
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

// left reports whether there is a job with files that may go on, even if
// somebody has to restart it.
func (b *Backend) left(ctx context.Context) (bool, error) {
	jobs, err := b.store.Matching(ctx, task.Filter{
		States: []task.State{task.Scheduled, task.Queued, task.Selected, task.Running, task.Paused, task.Canceling, task.Failed},
		Queue:  contentQueue, Readable: task.Readable{All: true},
	}, 0, 1)
	return len(jobs) > 0, err
}

// unfinished answers the jobs with files that wait or run.
func (b *Backend) unfinished(ctx context.Context) ([]task.Job, error) {
	return b.store.Matching(ctx, task.Filter{
		States: []task.State{task.Scheduled, task.Queued, task.Selected, task.Running, task.Paused, task.Canceling},
		Queue:  contentQueue, Readable: task.Readable{All: true},
	}, 0, maxUnfinished)
}
