package transfer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/fault"
)

// Run does what the plan says. It ends early with DiskFull or NoWrite when the
// content folder cannot take more, with SourceGone when the source went away,
// with ServerBusy when it is there and gives nothing, and with the context's
// error when that is done; a single bad file is a Problem and no reason to
// end. In every case the files that were copied whole are kept, and counted by
// the Result; those that were not leave no trace, but from a source.Ranged
// what came of them so far.
func Run(ctx context.Context, cfg Config, plan Plan) (Result, error) {
	cfg = cfg.withDefaults()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	r := &run{cfg: cfg, stop: stop, queue: &queue{work: plan.work}}
	r.left.Store(plan.Needed)
	if err := r.prepare(cfg.Reserve); err != nil {
		return Result{}, err
	}
	r.committer = newCommitter(r)

	var committing, copying sync.WaitGroup
	committing.Go(func() { r.committer.loop(ctx) })
	for range cfg.Workers {
		copying.Go(func() {
			if err := r.work(ctx); err != nil {
				r.fail(err)
			}
		})
	}
	copying.Wait()
	r.committer.close()
	committing.Wait()

	r.result.FilesPresent += plan.PresentFiles
	return r.result, r.err
}

// run is the state of one Run.
type run struct {
	cfg       Config
	stop      context.CancelFunc
	queue     *queue
	committer *committer
	flusher   *flusher
	left      atomic.Int64     // room that the files to come will take, in bytes
	copied    atomic.Int64     // files
	folders   [256]atomic.Bool // that are known to exist, by the first byte of the checksum, which names them
	began     [256]atomic.Bool // that begin, or tried to, has made

	mu     sync.Mutex // one report at a time
	result Result     // guarded by mu
	err    error      // why the run ended early; guarded by mu
}

// fail ends the run; the first reason is the one that counts.
func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = err
	}
	r.stop()
}

// prepare makes sure that the content folder is there, that it takes files
// and that they fit.
func (r *run) prepare(reserve int64) error {
	if r.left.Load() == 0 && len(r.queue.work) == 0 {
		return nil
	}
	storage := filepath.Join(r.cfg.Content, "storage")
	if err := os.MkdirAll(storage, 0o755); err != nil { //nolint:gosec // other users of the laptop may read content
		return atomicfile.Classify(fmt.Errorf("make %s: %w", storage, err), storage)
	}
	r.flusher = newFlusher(r.cfg.Content, storage)
	err := r.room(reserve)
	if errors.Is(err, fault.New(fault.DiskFull)) && r.reclaim() {
		err = r.room(reserve)
	}
	return err
}

// reclaim removes what killed copies of the files left under temporary names, which is
// up to a group: a run that is the first after a kill may come before Sweep. It reports
// whether there was anything.
func (r *run) reclaim() (any bool) {
	remove := func(path string, of func() error) {
		if release, busy := r.cfg.Claims.try(path); busy == nil {
			any = of() == nil || any
			release()
		}
	}
	seen := map[string]bool{}
	for _, w := range r.queue.work {
		path := w.In(r.cfg.Content)
		remove(path, func() error { return os.Remove(atomicfile.TempName(path)) })
		if y := (&young{path: filepath.Dir(path)}); !seen[y.path] {
			seen[y.path] = true
			remove(y.temp(), func() error { _, err := clearYoung(y.temp()); return err })
		}
	}
	return any
}

// room checks that what is still to come fits beside the reserve.
func (r *run) room(reserve int64) error {
	left := r.left.Load()
	if r.cfg.Free == nil || left == 0 {
		return nil
	}
	free, err := r.cfg.Free(r.cfg.Content)
	if err != nil {
		return fmt.Errorf("measure free space: %w", err)
	}
	if free-reserve < left {
		return fault.New(fault.DiskFull, "needed", left, "free", max(free-reserve, 0), "path", r.cfg.Content)
	}
	return nil
}

// work sees to one file after the other until none is left.
func (r *run) work(ctx context.Context) error {
	w := &worker{run: r, buf: make([]byte, bufferSize)}
	defer w.close()
	for {
		works, late := r.queue.next()
		if len(works) == 0 {
			return ctx.Err()
		}
		if err := w.turn(ctx, works, late); err != nil {
			return err
		}
	}
}

// explain fills in what the fault of a full disk has to say; underway is the
// room for a file that could not be finished.
func (r *run) explain(err error, underway int64) error {
	if !errors.Is(err, fault.New(fault.DiskFull)) {
		return err
	}
	var free int64
	if r.cfg.Free != nil {
		if n, err := r.cfg.Free(r.cfg.Content); err == nil {
			free = max(n-r.cfg.Reserve, 0)
		}
	}
	return fault.New(fault.DiskFull, "needed", r.left.Load()+underway, "free", free, "path", r.cfg.Content).Because(err)
}

// problem reports a file that cannot be had.
func (r *run) problem(w work, code fault.Code, cause error) {
	f := fault.New(code, "title", w.Title, "file", w.Name())
	if code == fault.NoWrite {
		f = fault.New(code, "path", w.In(r.cfg.Content))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.result.FilesFailed++
	r.cfg.OnProblem(Problem{Code: code, Title: w.Title, File: w.Name(), Err: f.Because(cause)})
}

// readings answers how often the bytes of a copy pass: once, and again when it
// is read back.
func (r *run) readings() int64 {
	if r.cfg.ReadBack {
		return 2
	}
	return 1
}

// makeFolder makes the folder of a stored file, once. The content folder
// itself is not made: when it is not there any more, its drive was taken out,
// and whatever lies there now is another disk.
func (r *run) makeFolder(file channel.LocalFile) error {
	known := &r.folders[file.Checksum[0]]
	if known.Load() {
		return nil
	}
	if err := r.makeWay(filepath.Dir(file.In(r.cfg.Content))); err != nil {
		return err
	}
	known.Store(true)
	return nil
}

// makeWay makes a folder below the content folder, and those that lead to it.
func (r *run) makeWay(dir string) error {
	inside, err := filepath.Rel(r.cfg.Content, dir)
	if err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	at := r.cfg.Content
	for name := range strings.SplitSeq(inside, string(filepath.Separator)) {
		at = filepath.Join(at, name)
		err := os.Mkdir(at, 0o755) //nolint:gosec // other users of the laptop may read content
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return atomicfile.Classify(fmt.Errorf("make %s: %w", at, err), at)
		}
	}
	return nil
}

// known asks the index for one file.
func (r *run) known(ctx context.Context, sum channel.Checksum) (map[channel.Checksum]Record, error) {
	known, err := r.cfg.Index.Verified(ctx, []channel.Checksum{sum})
	if err != nil {
		return nil, fmt.Errorf("look up a verified file: %w", err)
	}
	return known, nil
}
