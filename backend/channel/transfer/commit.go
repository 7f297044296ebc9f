package transfer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
)

// indexPatience bounds the last word to the index after a cancellation.
const indexPatience = 30 * time.Second

// committer makes finished files real, a group at a time.
type committer struct {
	run   *run
	full  chan struct{} // holds a token when the group has reached a limit
	ended chan struct{} // closed when no more files come

	mu    sync.Mutex
	group []done // guarded by mu
	bytes int64  // of the copies in group; guarded by mu
	room  int64  // what of Plan.Needed they took; guarded by mu

	spare []done // room for the group after this one; of the loop alone
}

func newCommitter(r *run) *committer {
	return &committer{run: r, full: make(chan struct{}, 1), ended: make(chan struct{})}
}

// add takes over files and their claims. What comes together stays in one group.
func (c *committer) add(files ...done) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.group = append(c.group, files...)
	for i := range files {
		if files[i].outcome == copied {
			c.bytes += files[i].record.Size
			c.room += files[i].work.room
		}
	}
	if c.enough() {
		select {
		case c.full <- struct{}{}:
		default:
		}
	}
}

// The least that is a group of its own towards the end.
const (
	leastFiles = 500
	leastBytes = 16e6
)

// enough reports whether the group has reached a limit, or is as much as all that
// is still to come: the last groups get smaller and smaller, so that the workers
// and the disk end almost together. The caller holds mu.
func (c *committer) enough() bool {
	if limit := c.run.cfg.Group; c.bytes >= limit.Bytes || len(c.group) >= limit.Files {
		return true
	}
	return (c.bytes >= leastBytes || len(c.group) >= leastFiles) && c.room >= c.run.left.Load()
}

// close says that no more files come.
func (c *committer) close() { close(c.ended) }

// loop commits group after group until close, and then the last one. What
// was copied is committed although the context is done.
func (c *committer) loop(ctx context.Context) {
	tick := time.NewTicker(c.run.cfg.Group.Every)
	defer tick.Stop()
	for ended := false; !ended; {
		select {
		case <-c.full:
		case <-tick.C:
		case <-c.ended:
			ended = true
		}
		group := c.take()
		err := c.commit(ctx, group)
		clear(group)
		c.spare = group[:0]
		tick.Reset(c.run.cfg.Group.Every) // or a small group would follow each full one
		if err == nil && !ended {
			// Half of the reserve forgives what the file system takes for
			// itself; a run that began must not stop for that.
			err = c.run.room(c.run.cfg.Reserve / 2)
		}
		if err != nil {
			c.run.fail(c.run.explain(err, 0))
		}
	}
}

func (c *committer) take() []done {
	c.mu.Lock()
	defer c.mu.Unlock()
	group := c.group
	c.group, c.bytes, c.room = c.spare, 0, 0
	select {
	case <-c.full: // said again by what came until now
	default:
	}
	return group
}

// commit makes the files of the group real, in the order that package
// documentation promises, and gives their claims back.
func (c *committer) commit(ctx context.Context, group []done) error {
	if len(group) == 0 {
		return nil
	}
	defer func() {
		for i := range group {
			group[i].release()
			if folder := group[i].folder; folder != nil {
				folder.leave()
			}
		}
	}()
	if err := c.place(ctx, group); err != nil {
		return err
	}
	if err := c.remember(context.WithoutCancel(ctx), group); err != nil {
		return err
	}
	c.count(group)
	return nil
}

// place flushes the bytes, gives the files their names and flushes those. On
// an error no temporary file is left.
func (c *committer) place(ctx context.Context, group []done) (err error) {
	written, named := make([]string, 0, len(group)), make([]string, 0, len(group))
	for i := range group {
		d := &group[i]
		switch d.outcome {
		case copied:
			written = append(written, d.temp())
			named = append(named, d.path)
		case checked:
			written = append(written, d.path)
			named = append(named, d.path)
		case known, unread, failed, withdrawn:
		}
	}
	if len(named) == 0 {
		return nil
	}
	defer func() {
		if err == nil {
			return
		}
		for i := range group {
			if d := &group[i]; d.outcome == copied || d.outcome == unread {
				_ = os.Remove(d.temp())
			}
		}
	}()
	if err := c.run.flusher.bytes(written); err != nil {
		return atomicfile.Classify(err, c.run.cfg.Content)
	}
	c.readBack(ctx, group)
	for i := range group {
		if err := group[i].appear(); err != nil {
			return err
		}
	}
	return atomicfile.Classify(c.run.flusher.names(named), c.run.cfg.Content)
}

// appear gives a copy its name, or its folder.
func (d *done) appear() error {
	if d.outcome != copied && d.outcome != unread || d.folder != nil && d.folder.appear() {
		return nil
	}
	return atomicfile.Replace(d.temp(), d.path)
}

// remember tells the index of what is here now and of what is not.
func (c *committer) remember(ctx context.Context, group []done) error {
	here := make([]Record, 0, len(group))
	var gone []channel.Checksum
	for _, d := range group {
		switch d.outcome {
		case copied, checked:
			here = append(here, d.record)
		case failed:
			gone = append(gone, d.record.Checksum)
		case known, unread, withdrawn:
		}
	}
	ctx, cancel := context.WithTimeout(ctx, indexPatience)
	defer cancel()
	if len(gone) > 0 {
		if err := c.run.cfg.Index.Forget(ctx, gone); err != nil {
			return fmt.Errorf("forget missing files: %w", err)
		}
	}
	if len(here) > 0 {
		unwanted, err := c.mark(ctx, here)
		if err != nil {
			return fmt.Errorf("remember verified files: %w", err)
		}
		return c.withdraw(group, unwanted)
	}
	return nil
}

// mark marks the files as verified, and answers those that nobody wants any more.
func (c *committer) mark(ctx context.Context, files []Record) (unwanted []channel.Checksum, err error) {
	if index, is := c.run.cfg.Index.(Choosy); is {
		return index.MarkWanted(ctx, files)
	}
	return nil, c.run.cfg.Index.MarkVerified(ctx, files)
}

// withdraw removes the copies of files that nobody wants any more. What lay there
// before is left to whoever stopped wanting it.
func (c *committer) withdraw(group []done, files []channel.Checksum) error {
	if len(files) == 0 {
		return nil
	}
	unwanted := make(map[channel.Checksum]bool, len(files))
	for _, f := range files {
		unwanted[f] = true
	}
	var removed []string
	for i := range group {
		d := &group[i]
		if d.outcome != copied || !unwanted[d.record.Checksum] {
			continue
		}
		if err := os.Remove(d.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return atomicfile.Classify(err, d.path)
		}
		d.outcome = withdrawn
		removed = append(removed, d.path)
	}
	if len(removed) == 0 {
		return nil
	}
	return atomicfile.Classify(c.run.flusher.names(removed), c.run.cfg.Content)
}

func (c *committer) count(group []done) {
	r := c.run
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range group {
		switch d.outcome {
		case copied, unread:
			r.result.FilesCopied++
			r.result.BytesCopied += d.record.Size
		case known, checked:
			r.result.FilesPresent++
		case failed, withdrawn: // counted when it was reported, or by nobody
		}
	}
	r.cfg.OnGroup(r.result.FilesCopied, r.result.BytesCopied)
}
