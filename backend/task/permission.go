package task

import (
	"strings"

	"github.com/samber/lo"

	"nectar/backend/auth"
)

// Permission answers what a person may do with a job. The job is nil when the
// question is whether the person may run the task at all. Whoever may run a
// job may also cancel, restart, pause and clear it.
type Permission interface {
	MayRun(person auth.Person, job *Job) bool
	MayRead(person auth.Person, job *Job) bool
	// String names the permission in the catalogue.
	String() string
}

// The permissions that tasks choose from.
var (
	// SignedIn lets everybody who is signed in run and read.
	SignedIn Permission = rule{"signed in", auth.Person.SignedIn}
	// CoordinatorOnly lets coordinators run and read.
	CoordinatorOnly Permission = rule{"coordinator", isCoordinator}
	// ManageContent lets coordinators and those who may manage content run
	// and read.
	ManageContent Permission = rule{"may manage content", func(p auth.Person) bool {
		return isCoordinator(p) || p.SignedIn() && p.ManageContent
	}}
	// NotSetUp lets the person at a laptop that nobody has set up yet run and
	// read.
	NotSetUp Permission = rule{"device not set up yet", func(p auth.Person) bool {
		return p.SignedIn() && p.FirstRun
	}}
	// OwnJobs lets a person run and read the jobs that they started.
	OwnJobs Permission = own{}
)

func isCoordinator(p auth.Person) bool {
	return p.SignedIn() && (p.Role == auth.Coordinator || p.Role == auth.System)
}

// rule is a permission that looks at the person alone.
type rule struct {
	name    string
	allowed func(auth.Person) bool
}

func (r rule) MayRun(p auth.Person, _ *Job) bool  { return r.allowed(p) }
func (r rule) MayRead(p auth.Person, _ *Job) bool { return r.allowed(p) }
func (r rule) String() string                     { return r.name }

// own is the permission of whoever started the job.
type own struct{}

func (own) MayRun(p auth.Person, j *Job) bool {
	return p.SignedIn() && (j == nil || j.StartedBy == p.ID)
}
func (o own) MayRead(p auth.Person, j *Job) bool { return o.MayRun(p, j) }
func (own) String() string                       { return "own jobs" }

// AnyOf allows what at least one of the permissions allows.
func AnyOf(permissions ...Permission) Permission { return anyOf(permissions) }

// AllOf allows what every one of the permissions allows; of none, nothing.
func AllOf(permissions ...Permission) Permission { return allOf(permissions) }

type anyOf []Permission

func (a anyOf) MayRun(p auth.Person, j *Job) bool {
	return lo.SomeBy(a, func(q Permission) bool { return q.MayRun(p, j) })
}

func (a anyOf) MayRead(p auth.Person, j *Job) bool {
	return lo.SomeBy(a, func(q Permission) bool { return q.MayRead(p, j) })
}
func (a anyOf) String() string { return join(a, " or ") }

type allOf []Permission

func (a allOf) MayRun(p auth.Person, j *Job) bool {
	return len(a) > 0 && lo.EveryBy(a, func(q Permission) bool { return q.MayRun(p, j) })
}

func (a allOf) MayRead(p auth.Person, j *Job) bool {
	return len(a) > 0 && lo.EveryBy(a, func(q Permission) bool { return q.MayRead(p, j) })
}
func (a allOf) String() string { return join(a, " and ") }

func join(permissions []Permission, with string) string {
	names := lo.Map(permissions, func(p Permission, _ int) string { return p.String() })
	return strings.Join(names, with)
}
