package content

import (
	"cmp"
	"context"
	"slices"

	"nectar/backend/channel/source"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// origin is where an import comes from.
type origin interface {
	// open opens the source, or asks to wait for it.
	open(ctx context.Context) (source.Source, error)
	// await answers the request to wait for a source that is away, or in
	// trouble; any other error stays what it is. It is told whether the attempt
	// got on.
	await(err error, gotOn bool) error
	// resigned reports whether a file that the source does not give, although
	// it is there, is not worth waiting for any longer.
	resigned() bool
}

// driveOrigin is a drive, a folder or the sample.
type driveOrigin struct {
	Deps

	run  *task.Run
	args ImportArgs
}

func (o *driveOrigin) open(ctx context.Context) (source.Source, error) {
	from, err := o.Find(ctx, o.args.Source, o.args.Path)
	if isAway(err) && !o.Here(ctx, o.args.Source, o.args.Path) {
		return nil, o.await(err, false)
	}
	return from, err
}

func (o *driveOrigin) await(err error, _ bool) error {
	need, any := o.args.need()
	if !any || !isAway(err) {
		return err
	}
	o.run.Warn("%v", err)
	return o.run.WaitFor(need)
}

func (*driveOrigin) resigned() bool { return false }

// serverWorkers is how many files come from a server at a time: enough for its
// answers to overlap, few enough for a laptop that serves a classroom.
const serverWorkers = 4

// fruitlessByDefault is the default of Deps.Fruitless.
const fruitlessByDefault = 12

// serverOrigin is a server on the network, or Studio.
type serverOrigin struct {
	Deps

	run       *task.Run
	args      RemoteArgs
	fruitless int // attempts before this one that brought nothing
}

// fruitless is what an attempt leaves to the next.
type fruitless struct {
	Times int `json:"fruitless"`
}

// need answers the thing of the world that an import from a server needs.
func (a RemoteArgs) need() task.Need {
	return task.Need{Code: task.NeedServer, Item: a.Server.Name, Key: task.ServerKey(a.URL, a.Server.ID)}
}

// unreached are the faults of a server that is not there, or not now. Where
// addresses are given out anew something else may be at its address.
var unreached = []fault.Code{fault.SourceMissing, fault.SourceGone, fault.NotKolibri, fault.ServerBusy}

func (o *serverOrigin) open(ctx context.Context) (source.Source, error) {
	var so fruitless
	if _, err := o.run.LoadCheckpoint(&so); err != nil {
		return nil, err
	}
	o.fruitless = so.Times
	from, err := o.Reach(ctx, o.args.URL, o.args.Server.ID)
	if slices.Contains(unreached, fault.CodeOf(err)) {
		o.run.Warn("%v", err)
		return nil, o.run.WaitFor(o.args.need())
	}
	if err == nil && from.Info().URL != o.args.URL {
		o.run.Info("the server is at %s now", from.Info().URL)
	}
	return from, err
}

func (o *serverOrigin) await(err error, gotOn bool) error {
	code := fault.CodeOf(err)
	switch {
	case gotOn:
		o.fruitless = 0
	case code == fault.ServerBusy:
		o.fruitless++
	}
	if !slices.Contains(unreached, code) || code == fault.ServerBusy && o.fruitless > o.limit() {
		return err
	}
	if failed := o.run.Checkpoint(fruitless{o.fruitless}); failed != nil {
		return failed
	}
	o.run.Warn("%v", err)
	return o.run.WaitFor(o.args.need())
}

func (o *serverOrigin) resigned() bool { return o.fruitless >= o.limit() }

func (o *serverOrigin) limit() int { return cmp.Or(o.Fruitless, fruitlessByDefault) }
