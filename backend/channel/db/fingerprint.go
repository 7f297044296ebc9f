package db

import (
	"context"
	"hash/maphash"
	"io"
	"os"
)

// seed makes fingerprints those of one run of the program.
var seed = maphash.MakeSeed()

// Fingerprint answers a number that files of the same bytes share. Others do by
// chance alone, once in 2^64: it differs with each run of the program, so that
// nobody can make a file for it. It reads the file, and ends with the context.
func (d *DB) Fingerprint(ctx context.Context) (uint64, error) {
	file, err := os.Open(d.path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	var hash maphash.Hash
	hash.SetSeed(seed)
	for piece := make([]byte, 256<<10); ; {
		n, err := file.Read(piece)
		_, _ = hash.Write(piece[:n])
		switch {
		case ctx.Err() != nil:
			return 0, ctx.Err()
		case err == io.EOF:
			return hash.Sum64(), nil
		case err != nil:
			return 0, err
		}
	}
}
