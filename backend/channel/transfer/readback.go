package transfer

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"os"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/fault"
)

// readBack reads the copies of the group from the disk again, and takes those
// out that give other bytes than were written. Once the context has ended it
// reads no further: what was not read gets its name, but is not remembered as
// verified.
func (c *committer) readBack(ctx context.Context, group []done) {
	if !c.run.cfg.ReadBack {
		return
	}
	buf := make([]byte, bufferSize)
	for i := range group {
		d := &group[i]
		if d.outcome != copied {
			continue
		}
		temp := atomicfile.TempName(d.path)
		err := c.reread(ctx, d, temp, buf)
		if ctx.Err() != nil {
			d.outcome = unread
			continue
		}
		d.meter.finish()
		if err != nil {
			_ = os.Remove(temp)
			c.run.problem(d.work, fault.WriteDamaged, err)
			d.outcome = failed
		}
	}
}

// reread compares what lies on the disk with the file's name.
func (c *committer) reread(ctx context.Context, d *done, path string, buf []byte) error {
	in, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read %s back: %w", path, err)
	}
	defer func() { _ = in.Close() }()
	uncache(in)
	hash := md5.New()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := in.Read(buf)
		hash.Write(buf[:n])
		d.meter.add(n)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read %s back: %w", path, err)
		}
	}
	if sum := channel.Checksum(hash.Sum(nil)); sum != d.work.Checksum {
		return fmt.Errorf("%s reads back with the checksum %s", path, sum)
	}
	return nil
}
