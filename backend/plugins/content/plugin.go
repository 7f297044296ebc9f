// Package content is the plugin that brings channels onto this laptop.
package content

import (
	"context"
	"embed"

	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
	"nectar/backend/library"
	"nectar/backend/task"
)

//go:embed texts/*.json
var texts embed.FS

// Deps is what the plugin stands on.
type Deps struct {
	Library *library.Library
	// Open finds the source that a reference names: a path, or "sample".
	Open func(ctx context.Context, reference string) (source.Source, error)
	// Find opens a source that was opened before, wherever its drive is mounted
	// now.
	Find func(ctx context.Context, on source.On, reference string) (source.Source, error)
	// Here reports whether the drive of such a source is there.
	Here func(ctx context.Context, on source.On, reference string) bool
	// Free measures the bytes that are free on the disk of a path.
	Free func(path string) (int64, error)
	// Reserve is how many bytes an import leaves free.
	Reserve int64
	// Claims keeps two jobs from writing one file at the same time.
	Claims *transfer.Claims
}

// Plugin makes the plugin.
func Plugin(deps Deps) task.Plugin {
	return task.Plugin{
		Tasks: []task.Declared{diskImport(deps), deletion(deps)},
		Texts: texts,
	}
}
