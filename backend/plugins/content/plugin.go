// Package content is the plugin that brings channels onto this laptop.
package content

import (
	"context"
	"embed"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/disk"
	"nectar/backend/channel/transfer"
	"nectar/backend/library"
	"nectar/backend/store"
	"nectar/backend/task"
)

//go:embed texts/*.json
var texts embed.FS

// Deps is what the plugin stands on.
type Deps struct {
	Library *library.Library
	// Open finds the source that a reference names: a path, the address of a
	// server, "studio" or "sample".
	Open func(ctx context.Context, reference string) (source.Source, error)
	// Reach opens a server that was opened before by the id that it says of
	// itself, at its address or at that which it has now. Where another answers
	// there it is fault.SourceGone.
	Reach func(ctx context.Context, address, id string) (source.Source, error)
	// Find opens a source that was opened before, wherever its drive is mounted
	// now.
	Find func(ctx context.Context, on source.On, reference string) (source.Source, error)
	// Here reports whether the drive of such a source is there.
	Here func(ctx context.Context, on source.On, reference string) bool
	// Free measures the bytes that are free on the disk of a path.
	Free func(path string) (int64, error)
	// Reserve is how many bytes an import leaves free.
	Reserve int64
	// Fruitless is how often in a row an import may bring nothing from a server
	// that is there; 12 by default. The pauses between grow to a minute.
	Fruitless int
	// Claims keeps two jobs from writing one file at the same time.
	Claims *transfer.Claims
	// Own opens our content folder as the source of exports; the folder as it
	// lies there by default.
	Own func(content string) source.Source
	// Places finds where an export is to go.
	Places Places
	// Exports remembers what exports have written.
	Exports Exports
	// Unfinished answers the jobs with files that wait or run.
	Unfinished func(ctx context.Context) ([]task.Job, error)

	lately  *lately
	leaving *leaving
}

// Places finds drives and folders that channels are written to; see
// disk.Machine.
type Places interface {
	Place(path string) (disk.Place, error)
	Hold(ctx context.Context, on source.On, path string) (disk.Place, error)
	Reachable(ctx context.Context, on source.On, path string) error
}

// Exports is the durable memory of what each job that exports has written and
// found right; see store.Store.
type Exports interface {
	ExportedFiles(ctx context.Context, job int64, files []channel.Checksum) (map[channel.Checksum]store.VerifiedFile, error)
	RememberExported(ctx context.Context, job int64, files []store.VerifiedFile) error
	ForgetExported(ctx context.Context, job int64, files ...channel.Checksum) error
}

// Plugin makes the plugin.
func Plugin(deps Deps) task.Plugin {
	deps.lately, deps.leaving = &lately{}, &leaving{}
	return task.Plugin{
		Tasks: []task.Declared{
			diskImport(deps), remoteImport(deps), deletion(deps), verification(deps), export(deps), update(deps),
			adoption(deps), moving(deps),
		},
		Texts: texts,
	}
}
