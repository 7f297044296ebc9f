package transfer

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"os"

	"nectar/backend/channel"
	"nectar/backend/fault"
)

// ReadBack answers the checksum of a file as it lies on the disk, past the
// bytes in memory where the system allows it. What is not flushed yet is read
// from memory. The function, which may be nil, is told of the bytes.
func ReadBack(ctx context.Context, path string, onBytes func(n int)) (sum channel.Checksum, err error) {
	in, err := os.Open(path)
	if err != nil {
		return sum, fmt.Errorf("read %s back: %w", path, err)
	}
	defer func() { _ = in.Close() }()
	uncache(in)
	hash := md5.New()
	buf := make([]byte, bufferSize)
	for {
		if err := ctx.Err(); err != nil {
			return sum, err
		}
		n, err := in.Read(buf)
		hash.Write(buf[:n])
		if onBytes != nil {
			onBytes(n)
		}
		switch {
		case errors.Is(err, io.EOF):
			return channel.Checksum(hash.Sum(nil)), nil
		case err != nil:
			return sum, fmt.Errorf("read %s back: %w", path, err)
		}
	}
}

// readBack reads the copies of the group from the disk again, and takes those
// out that give other bytes than were written. Once the context has ended it
// reads no further: what was not read gets its name, but is not remembered as
// verified.
func (c *committer) readBack(ctx context.Context, group []done) {
	if !c.run.cfg.ReadBack {
		return
	}
	for i := range group {
		d := &group[i]
		if d.outcome != copied {
			continue
		}
		temp := d.temp()
		sum, err := ReadBack(ctx, temp, d.meter.add)
		if ctx.Err() != nil {
			d.outcome = unread
			continue
		}
		if err == nil && sum != d.work.Checksum {
			err = fmt.Errorf("%s reads back with the checksum %s", temp, sum)
		}
		d.meter.finish()
		if err != nil {
			_ = os.Remove(temp)
			c.run.problem(d.work, fault.WriteDamaged, err)
			d.outcome = failed
		}
	}
}
