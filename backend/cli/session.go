package cli

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/service"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// Mode says how a command opens the data folder.
type Mode int

// The modes.
const (
	// ToRead opens what is there, makes nothing and takes no lock. A folder
	// that does not exist is like an empty one.
	ToRead Mode = iota
	// ToStore owns the folder but runs no job.
	ToStore
	// ToWait owns the folder and runs the jobs that Runner.Focus names.
	ToWait
	// ToWork owns the folder and runs every due job.
	ToWork
)

// Session is an open data folder.
type Session struct {
	Services *service.Services
	Person   auth.Person // who acts; set by the command
	Maker    *wire.Maker
	Runner   Runner // does nothing in the modes ToRead and ToStore
	// Moving is closed when this process will not own the folder any more, and
	// a command that waits has to move. It may be nil.
	Moving <-chan struct{}
	// Stopping is closed when this process was asked to end. It may be nil.
	Stopping <-chan struct{}
}

// Runner runs the jobs of a session.
type Runner interface {
	// Start begins to run jobs, in the modes ToWait and ToWork.
	Start(ctx context.Context) error
	// Owes reports whether the time of a scheduled job has come that is not
	// queued yet.
	Owes(ctx context.Context) (bool, error)
	// Focus lets the job run, and before it every job that holds its
	// exclusive key; only in the mode ToWait.
	Focus(ctx context.Context, job task.Job) error
	// Close stops the running jobs safely, so that they go on next time, and
	// closes the folder. Closing twice is allowed.
	Close(ctx context.Context) error
}

// Open opens the data folder of the command. A folder that another process
// owns is fault.InUse in every mode but ToRead, as an OwnedError when that
// process carries out commands for others.
type Open func(ctx context.Context, mode Mode) (*Session, error)
