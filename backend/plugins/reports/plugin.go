// Package reports is the plugin that writes what is known here into files for
// a spreadsheet.
package reports

import (
	"context"
	"embed"

	"nectar/backend/auth"
	"nectar/backend/library"
	"nectar/backend/task"
)

//go:embed texts/*.json
var texts embed.FS

// Deps is what the plugin stands on.
type Deps struct {
	// Person answers the person of an id as they are now. Somebody who is not
	// here any more is nobody.
	Person func(ctx context.Context, id string) (auth.Person, error)
	// Channels answers the channels that the person may see.
	Channels func(ctx context.Context, person auth.Person) ([]library.Channel, error)
	// Jobs hands over all jobs that the person may read, the oldest first, a
	// part at a time.
	Jobs func(ctx context.Context, person auth.Person, part func([]task.Job) error) error
}

// Plugin makes the plugin.
func Plugin(deps Deps) task.Plugin {
	return task.Plugin{
		Tasks: []task.Declared{deps.libraryCSV(), deps.jobsCSV()},
		Texts: texts,
	}
}
