// Package source says what a place is that channels come from: a drive, a
// folder, a server, the sample. Package sourcetest holds the conformance
// suite that every kind of source passes.
package source

import (
	"cmp"
	"context"
	"io"

	"nectar/backend/channel"
)

// Kind is a kind of source.
type Kind string

// The kinds of sources.
const (
	Drive  Kind = "drive"
	Folder Kind = "folder"
	Server Kind = "server"
	Studio Kind = "studio"
	Sample Kind = "sample"
)

// Info describes a source to people.
type Info struct {
	ID         string // stable as long as the drive or server is the same
	Kind       Kind
	Name       string
	Path       string // of a drive or folder: the folder that holds KOLIBRI_DATA
	URL        string // of a server
	On         On     // of a drive or folder
	Writable   bool
	FreeBytes  int64 // -1 when unknown
	TotalBytes int64 // -1 when unknown
}

// On says on which drive a source lies, and where on it, so that it is found
// again when the drive is mounted at another place. The zero On is that of a
// source on no drive.
type On struct {
	Drive string `json:"drive"` // the drive's id
	// Disk is the id of the first drive of the physical disk that the drive is a
	// part of; "" where it is that itself, or the system does not tell.
	Disk   string `json:"disk,omitzero"`
	Name   string `json:"name"`   // what people call the drive, or the folder on a drive that stays
	Inside string `json:"inside"` // the way from the drive's top, with slashes; "." for the top itself
	Comes  bool   `json:"comes"`  // it comes and goes with its drive
}

// Physical answers what all places on one physical disk share, as far as the system
// tells; "" for the zero On.
func (o On) Physical() string { return cmp.Or(o.Disk, o.Drive) }

// Listing is one channel database at a source. When Err is set the database
// cannot be used: it is a *fault.Fault that says why, and Metadata holds what
// could be read, at least the ID of its file name.
type Listing struct {
	channel.Metadata

	// Resources counts the resources that can be shown, Size the bytes of
	// their files, each file once; both as the database declares them.
	Resources int
	Size      int64
	Notes     map[int64]string // what is new in each version, where the source tells it
	Err       error
}

// File is an open file of a source. Close releases it.
type File interface {
	io.ReadCloser
	// Size is the file's length in bytes at the source; -1 when the source
	// does not say.
	Size() int64
}

// Source is a place that holds channels. All methods may be called
// concurrently. Nothing is ever written to a source.
//
// Errors are *fault.Fault values: SourceMissing or SourceGone when the source
// itself is away, ServerBusy when a server is there but fails to answer, and
// ChannelMissing, FileMissing, FileIsLink, FileUnreadable or FileNotServed for
// the thing asked for. The values "title" of file faults are left to the
// caller, who knows the resource.
type Source interface {
	// Info describes the source as it was when it was opened.
	Info() Info
	// Channels lists the channel databases, ordered by name. One bad database
	// never hides the others. It reads the source; cancel it by the context.
	Channels(ctx context.Context) ([]Listing, error)
	// OpenDatabase opens the bytes of a channel's database.
	OpenDatabase(ctx context.Context, id channel.ID) (File, error)
	// OpenFile opens a stored file. Its bytes are not verified.
	OpenFile(ctx context.Context, file channel.LocalFile) (File, error)
	// Alive answers nil while the source is reachable, else SourceGone. It
	// tells a missing file from a drive that was pulled out.
	Alive(ctx context.Context) error
}

// Ranged is a source whose files can be read from any byte on, so that a copy
// that was broken off can be gone on with.
type Ranged interface {
	Source
	// OpenFileFrom is OpenFile from a byte on. Where the source gives only
	// whole files, the part begins at 0.
	OpenFileFrom(ctx context.Context, file channel.LocalFile, from int64) (Part, error)
	// OpenDatabaseFrom is OpenDatabase from a byte on, if the database still
	// has the tag; otherwise the part begins at 0.
	OpenDatabaseFrom(ctx context.Context, id channel.ID, from int64, tag string) (Part, error)
}

// Stating is a source that says in which state a database is without giving it.
type Stating interface {
	Ranged
	// DatabaseState answers the state of a channel's database now; the zero value
	// where the source does not say all of it, or nothing that can be relied on.
	DatabaseState(ctx context.Context, id channel.ID) channel.DatabaseState
}

// Part is an open file that is read from a byte on.
type Part interface {
	File
	// Start is the byte at which reading begins.
	Start() int64
	// Tag names the state of the file: as long as it has the tag, it has the
	// same bytes. It is "" when the source does not say.
	Tag() string
}

// Shelf is a source whose databases are plain files, which can be read where
// they are.
type Shelf interface {
	Source
	// DatabaseFile answers the path of a channel's database; its errors are
	// those of OpenDatabase.
	DatabaseFile(ctx context.Context, id channel.ID) (string, error)
	// Held is Channels by a quick look: without counts, sizes and languages, and
	// what is deeper in a database is not judged.
	Held(ctx context.Context) ([]Listing, error)
}

// Finder is a source that may hold more channels than it lists.
type Finder interface {
	Source
	// Lookup answers the channels of a token or a channel id; ChannelMissing
	// when there are none.
	Lookup(ctx context.Context, token string) ([]Listing, error)
}

// Holder is a source that tells in one answer which files it has.
type Holder interface {
	Source
	// Holds answers a function that tells whether the source has a file of the
	// channel, of those asked about.
	Holds(ctx context.Context, id channel.ID, files []channel.Checksum) (func(channel.Checksum) bool, error)
}

// Partly is a source that may say that it was given a part of a channel only.
type Partly interface {
	Holder
	// Listed answers the topics, each with all below it, and resources of a
	// channel that the source was given, as it says itself; none when it says
	// nothing of the channel.
	Listed(ctx context.Context, id channel.ID) []channel.NodeID
}
