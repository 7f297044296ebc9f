package task

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// Registry holds the installed tasks. It is filled once, before the engine
// starts, and only read afterwards.
type Registry struct {
	byName map[string]*Definition
}

// Declared is anything that carries a task's definition: a Task of whatever
// arguments.
type Declared interface{ definition() *Definition }

func (d *Definition) definition() *Definition { return d }

var taskName = regexp.MustCompile(`^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$`)

// NewRegistry registers the tasks. It refuses every bad declaration by the
// task's name, all of them at once.
func NewRegistry(tasks ...Declared) (*Registry, error) {
	r := &Registry{byName: make(map[string]*Definition, len(tasks))}
	var refused []error
	fixed := map[string]string{}
	for _, declared := range tasks {
		d := declared.definition()
		if err := d.check(); err != nil {
			refused = append(refused, fmt.Errorf("task %q: %w", d.Name, err))
			continue
		}
		if _, twice := r.byName[d.Name]; twice {
			refused = append(refused, fmt.Errorf("task %q: registered twice", d.Name))
			continue
		}
		if other, taken := fixed[d.FixedID]; taken && d.FixedID != "" {
			refused = append(refused, fmt.Errorf("task %q: its fixed job id %q is that of task %q", d.Name, d.FixedID, other))
			continue
		}
		fixed[d.FixedID] = d.Name
		r.byName[d.Name] = d
	}
	if err := errors.Join(refused...); err != nil {
		return nil, err
	}
	return r, nil
}

// check answers what is wrong with the declaration.
func (d *Definition) check() error {
	_, numeric := ID(d.FixedID).Number()
	switch {
	case !taskName.MatchString(d.Name):
		return errors.New(`want a name such as "plugin.name" in lower case`)
	case d.broken != nil:
		return d.broken
	case d.Summary == "":
		return errors.New("no summary")
	case !d.Priority.Valid():
		return fmt.Errorf("unknown priority %d", d.Priority)
	case d.Permission == nil:
		return errors.New("no permission")
	case d.Priority == High && !d.HasStatus:
		return errors.New("a high-priority task needs a status function: whoever makes people wait says why")
	case d.LongRunning && !d.HasStatus:
		return errors.New("a long-running task needs a status function: whoever makes people wait says why")
	case !slices.Contains([]Interruption{Rerun, Resume, FailInterrupted}, d.OnInterruption):
		return fmt.Errorf("unknown way to handle an interruption %q", d.OnInterruption)
	case !slices.Contains([]Unit{NoUnit, Bytes, Files, Items}, d.Unit):
		return fmt.Errorf("unknown unit of progress %q", d.Unit)
	case d.Retry.Interval < 0 || d.Retry.Max < 0:
		return errors.New("a retry rule below zero")
	case d.Retry.Max > 0 && d.Retry.Interval == 0:
		return errors.New("a retry rule with a maximum and no interval")
	case numeric:
		return fmt.Errorf("fixed job id %q is a number: numbers name the other jobs", d.FixedID)
	}
	return nil
}

// Lookup finds a task by its name.
func (r *Registry) Lookup(name string) (*Definition, bool) {
	d, ok := r.byName[name]
	return d, ok
}

// All answers the installed tasks, ordered by name.
func (r *Registry) All() []*Definition {
	all := make([]*Definition, 0, len(r.byName))
	for _, d := range r.byName {
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b *Definition) int { return cmp.Compare(a.Name, b.Name) })
	return all
}
