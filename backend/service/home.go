package service

import (
	"context"
	"slices"
	"time"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/store"
	"nectar/backend/task"
)

// How much of each part an overview shows.
const (
	shownRunning   = 3
	shownAmiss     = 4
	shownSchedules = 4
	shownArrivals  = 4
)

// arrivalAge is how long what came to this laptop counts as just arrived.
const arrivalAge = 14 * 24 * time.Hour

// Home answers, at a glance, what is going on on this laptop.
type Home struct {
	jobs    *Jobs
	library *Library
}

// Overview is what is going on, what needs somebody, what is next and what just
// arrived, as far as one person may know.
type Overview struct {
	Counts    map[task.State]int64
	Running   []engine.Live // the longest under way first
	Amiss     []engine.Live // went wrong and were not set aside, the newest first
	AmissAll  int64         // how many there are of these
	Wanted    []store.Wanted
	Held      []Queue // that somebody paused
	Schedules []Schedule
	Arrivals  []Arrival // the latest first
	Channels  int       // on this laptop
	Space     Space
}

// Arrival is a channel of this laptop to which something came, whatever became of
// the job that brought it.
type Arrival struct {
	Channel   library.Channel
	Resources int // that came
	At        time.Time
}

// Now answers how things stand.
func (h *Home) Now(ctx context.Context, person auth.Person) (Overview, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return Overview{}, fault.New(fault.Forbidden)
	}
	var o Overview
	for _, part := range []func(context.Context, auth.Person, *Overview) error{h.running, h.amiss, h.waiting, h.next, h.arrived} {
		if err := part(ctx, person, &o); err != nil {
			return Overview{}, err
		}
	}
	return o, nil
}

func (h *Home) running(ctx context.Context, person auth.Person, o *Overview) error {
	active := task.Filter{States: []task.State{task.Selected, task.Running, task.Canceling}}
	running, listed, err := h.jobs.List(ctx, person, active, task.Page{Sort: "created", Limit: shownRunning})
	o.Running, o.Counts = running, listed.Counts
	return err
}

func (h *Home) amiss(ctx context.Context, person auth.Person, o *Overview) error {
	jobs, total, err := h.jobs.store.Amiss(ctx, h.jobs.readable(person), shownAmiss)
	if err != nil {
		return err
	}
	o.AmissAll = total
	o.Amiss, err = h.jobs.live(ctx, jobs)
	return err
}

func (h *Home) waiting(ctx context.Context, person auth.Person, o *Overview) (err error) {
	if o.Wanted, err = h.jobs.store.Wanted(ctx, h.jobs.readable(person)); err != nil {
		return err
	}
	o.Wanted = append(h.unstored(person), o.Wanted...)
	queues, err := h.jobs.Queues(ctx, person)
	for _, q := range queues {
		if !q.Paused.IsZero() {
			o.Held = append(o.Held, q)
		}
	}
	return err
}

// unstored answers why the state of jobs cannot be stored, if that is so. The
// storage itself cannot know it.
func (h *Home) unstored(person auth.Person) (wanted []store.Wanted) {
	if h.jobs.engine == nil {
		return nil
	}
	for _, j := range h.jobs.engine.Unstored() {
		if !h.jobs.Readable(person, &j.Job) {
			continue
		}
		at := slices.IndexFunc(wanted, func(w store.Wanted) bool { return w.Need == j.Waiting.Need })
		if at < 0 {
			wanted = append(wanted, store.Wanted{Need: j.Waiting.Need, First: j.Number})
			at = len(wanted) - 1
		}
		wanted[at].Jobs++
	}
	return wanted
}

func (h *Home) next(ctx context.Context, person auth.Person, o *Overview) error {
	schedules, _, err := h.jobs.Schedules(ctx, person, task.Page{Limit: shownSchedules})
	o.Schedules = schedules
	return err
}

// arrived looks at the library as it is remembered: an overview does not wait
// for a slow disk.
func (h *Home) arrived(ctx context.Context, _ auth.Person, o *Overview) error {
	channels, err := h.library.library.Channels(ctx)
	if err != nil {
		return err
	}
	o.Channels = len(channels)
	if o.Space, err = h.library.space(); err != nil {
		return err
	}
	here := map[channel.ID]library.Channel{}
	for _, c := range channels {
		here[c.ID] = c
	}
	came, err := h.library.library.Arrivals(ctx, time.Now().Add(-arrivalAge))
	for _, a := range came {
		if c, known := here[a.Channel]; known && len(o.Arrivals) < shownArrivals {
			o.Arrivals = append(o.Arrivals, Arrival{Channel: c, Resources: a.Resources, At: a.At})
		}
	}
	return err
}

// Dismiss sets jobs aside that went wrong, for this person and until a later
// run of them goes wrong. A job that the person may not read is as if it did
// not exist.
func (h *Home) Dismiss(ctx context.Context, person auth.Person, ids ...task.ID) error {
	if !task.SignedIn.MayRead(person, nil) {
		return fault.New(fault.Forbidden)
	}
	numbers := make([]int64, len(ids))
	for i, id := range ids {
		job, err := h.jobs.readJob(ctx, person, id)
		if err != nil {
			return err
		}
		numbers[i] = job.Number
	}
	return h.jobs.store.Dismiss(ctx, person.ID, numbers...)
}

// DismissAll sets everything aside that went wrong.
func (h *Home) DismissAll(ctx context.Context, person auth.Person) error {
	if !task.SignedIn.MayRead(person, nil) {
		return fault.New(fault.Forbidden)
	}
	return h.jobs.store.DismissAmiss(ctx, h.jobs.readable(person))
}
