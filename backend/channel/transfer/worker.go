package transfer

import (
	"context"
	"errors"

	"nectar/backend/multimd5"
)

// worker copies files, one turn of the queue after the other.
type worker struct {
	run    *run
	buf    []byte
	hasher *multimd5.Hasher // nil until there is use for it
}

func (w *worker) close() {
	if w.hasher != nil {
		w.hasher.Close()
	}
}

// place is where the files of a turn lie.
type place struct {
	names  taken
	folder *young // nil where they are written into their place
	done   []done // in the young folder

	atOnce   bool       // the sums of its files are computed many at a time
	unsummed []unsummed // those that were copied and wait for that
}

// turn sees to the files of a turn, which lie in one folder. Those in a young one
// come to the committer together, also when the turn ends early: all that lies in it
// then is whole.
func (w *worker) turn(ctx context.Context, works []work, late bool) error {
	at := place{names: w.run.takenIn(works), folder: w.run.begin(works), atOnce: w.run.sumsAtOnce(works)}
	if at.folder != nil {
		defer at.handOver(w.run.committer)
	}
	for _, work := range works {
		err := w.see(ctx, work, late, &at)
		if err == nil && len(at.unsummed) == multimd5.Most {
			err = w.sum(ctx, &at)
		}
		if err != nil {
			_ = w.sum(ctx, &at) // what was copied is kept; the first reason counts
			return err
		}
	}
	return w.sum(ctx, &at)
}

func (p *place) handOver(to *committer) {
	if len(p.done) == 0 {
		p.folder.leave()
		return
	}
	to.add(p.done...)
}

// see sees to a file, or puts it off.
func (w *worker) see(ctx context.Context, work work, late bool, at *place) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r := w.run
	path := work.In(r.cfg.Content)
	release, busy := r.cfg.Claims.try(path)
	if busy != nil && !late {
		r.queue.putOff(work)
		return nil
	}
	if busy != nil {
		var err error
		if release, err = r.cfg.Claims.Hold(ctx, path); err != nil {
			return err
		}
	}
	// From now on the disk itself tells what the file takes.
	r.left.Add(-work.room)
	f := &file{
		run: r, work: work, path: path, buf: w.buf, late: late, free: at.names.lacks(path), folder: at.folder, release: release,
		meter:    meter{report: r.cfg.OnBytes, whole: work.bytes, seen: work.partial},
		unsummed: at.atOnce && work.summedAtOnce(),
	}
	done, err := f.have(ctx)
	return w.settle(f, at, done, err)
}

// settle hands on what became of a file.
func (w *worker) settle(f *file, at *place, done done, err error) error {
	r := w.run
	if errors.Is(err, errBusy) {
		f.release()
		f.work.partial = f.meter.seen
		r.left.Add(f.work.room)
		r.queue.putOff(f.work)
		return nil
	}
	if err != nil {
		f.release()
		return r.explain(err, f.work.room)
	}
	if done.outcome == copied && f.unsummed {
		at.unsummed = append(at.unsummed, unsummed{f, done})
		return nil
	}
	if done.outcome != copied || !r.cfg.ReadBack {
		f.meter.finish()
		done.meter = nil // which holds all of f, for as long as the group
	}
	if at.folder != nil {
		at.done = append(at.done, done)
		return nil
	}
	r.committer.add(done)
	return nil
}
