package transfer

import (
	"context"
	"io/fs"

	"nectar/backend/channel"
)

// Index is the durable memory of which files were verified. A record that it
// was given survives a power cut. Its methods may be called concurrently.
type Index interface {
	// Verified answers the records of those files that have one.
	Verified(ctx context.Context, files []channel.Checksum) (map[channel.Checksum]Record, error)
	// MarkVerified remembers the files, replacing what was known of them.
	MarkVerified(ctx context.Context, files []Record) error
	// Forget drops the records of the files; those without one are no error.
	Forget(ctx context.Context, files []channel.Checksum) error
}

// Choosy is an Index of files that may stop being wanted while a Run fetches them.
type Choosy interface {
	Index
	// MarkWanted is MarkVerified for those of the files that are wanted yet, and
	// answers the others. The Run, which claims them all meanwhile, removes the
	// copies that it has made of these.
	MarkWanted(ctx context.Context, files []Record) (unwanted []channel.Checksum, err error)
}

// Record says that a file's bytes matched its name when the file had this
// size and time. A file that has another size or time now must be read again.
type Record struct {
	Checksum  channel.Checksum
	Extension string
	Size      int64 // bytes
	ModTime   int64 // nanoseconds since 1970, UTC
}

func recordOf(file channel.LocalFile, info fs.FileInfo) Record {
	return Record{
		Checksum:  file.Checksum,
		Extension: file.Extension,
		Size:      info.Size(),
		ModTime:   info.ModTime().UnixNano(),
	}
}
