package task

import (
	"context"
	"time"

	"nectar/backend/fault"
)

// Spec declares a task with arguments of type A, a struct whose fields carry
// json and jsonschema tags: see Schema. Name, Summary, Permission and Run are required.
type Spec[A any] struct {
	// Name is "plugin.name", in lower case.
	Name string
	// Summary says in one English line what the task does, for the catalogue.
	Summary string
	// Queue groups the jobs; the plugin's name by default.
	Queue string
	// Priority is Regular by default. A High task needs Status.
	Priority Priority
	// Cancellable lets people stop a running job.
	Cancellable bool
	// Pausable lets people stop a running job and go on from there. Such a
	// function must keep what it has done when its context ends.
	Pausable bool
	// Unit says what the progress counts, if the task tracks any.
	Unit Unit
	// Permission says who may run and read.
	Permission Permission
	// LongRunning marks a task that may take over ten minutes. It needs Status,
	// and its jobs wait for the charger while the battery is low.
	LongRunning bool
	// Disturbs marks a task that keeps the network or the disk busy for long.
	// Its jobs wait while people want quiet.
	Disturbs bool
	// RetriesProblems lets people ask for the items alone that failed. The
	// function must then look at Run.Problems.
	RetriesProblems bool
	// FixedID allows at most one job of the task, of this id.
	FixedID string
	// OnInterruption says what becomes of an attempt during which the program
	// died. Rerun by default.
	OnInterruption Interruption
	// Retry is the rule for failed runs when the request names none.
	Retry Retry
	// ExclusiveKey, if set, keeps two jobs of one key from running at once.
	// "" means no key.
	ExclusiveKey func(args A) string
	// Resource, if set, makes jobs on one resource, such as one physical
	// drive, run one after the other. "" means none.
	Resource func(args A) string
	// Needs, if set, answers the things of the world without which a job
	// cannot start, such as the drive that it reads. While one is away the job
	// waits in the queue and holds no worker. It must be quick.
	Needs func(job Described[A]) []Need
	// Validate, if set, checks a request before anything is stored, and may
	// complete its arguments. Its error reaches the person.
	Validate func(ctx context.Context, request Request[A]) (Validated[A], error)
	// Requests, if set, is a validator for requests of another type than A:
	// Requests: task.From(turn). Not together with Validate.
	Requests *Requests[A]
	// Status, if set, says in words what the job is about. It is called for
	// every state and must be quick.
	Status func(job Described[A]) Status
	// Run does the work. It must return soon after ctx ends. The result must
	// encode to JSON.
	Run func(ctx context.Context, run *Run, args A) (any, error)
}

// Retry is a rule for failed runs. The zero Retry is none.
type Retry struct {
	Interval time.Duration
	Max      int64 // 0: without limit
}

// Described is what a status function looks at.
type Described[A any] struct {
	Job      Job
	Args     A // the zero A when the stored arguments cannot be read any more
	Metadata map[string]any
	Result   map[string]any // nil unless the result is a JSON object
}

// Status names the texts that describe a job: keys of the plugin's own text
// files and the values for their placeholders. An empty key leaves the
// general text of the state.
type Status struct {
	Title  string // "Importing {channel}"
	Text   string // "{count} resources, {size:bytes}"
	Params fault.Params

	// TitleParams are the values for the title, if it has others than the text,
	// such as another number: count.
	TitleParams fault.Params
}

// Interruption says what becomes of an attempt during which the program died.
type Interruption string

// The ways to handle an interruption.
const (
	Rerun           Interruption = "rerun"  // queued again, from the beginning
	Resume          Interruption = "resume" // queued again, from its checkpoint or from what it kept
	FailInterrupted Interruption = "fail"   // FAILED with the code "interrupted", restartable
)
