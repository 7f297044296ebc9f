package db

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"os"
)

// maxThrough bounds how much of a file is read from front to back, for a hostile
// one may be as long as it likes.
const maxThrough = 256 << 20

// pieceSize is how much of a file is read at once: enough for a disk that turns, which
// reads ahead, and little of what the process touches for it.
const pieceSize = 128 << 10

// readThrough hands the bytes of the file over from front to back. It ends with an
// error where there are more than maxThrough, and with that of the context.
func (d *DB) readThrough(ctx context.Context, take func(piece []byte)) error {
	file, err := os.Open(d.path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	piece := make([]byte, pieceSize)
	for read := 0; read < maxThrough; {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := file.Read(piece)
		take(piece[:n])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		read += n
	}
	return fmt.Errorf("read %s: it is longer than %d bytes", d.path, maxThrough)
}

// seed makes fingerprints those of one run of the program.
var seed = maphash.MakeSeed()

// Fingerprint answers a number that files of the same bytes share. Others do by
// chance alone, once in 2^64: it differs with each run of the program, so that
// nobody can make a file for it. It reads the file, and ends with the context; one
// of 256 MB or more has none, which is an error.
func (d *DB) Fingerprint(ctx context.Context) (uint64, error) {
	var hash maphash.Hash
	hash.SetSeed(seed)
	err := d.readThrough(ctx, func(piece []byte) { _, _ = hash.Write(piece) })
	return hash.Sum64(), err
}
