package cli

import (
	"strings"
	"time"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// filterFlags are the flags of FILTER: which jobs are meant.
type filterFlags struct {
	State     []string `group:"filter" placeholder:"S" help:"In this state, such as FAILED. May be given several times."`
	Task      string   `group:"filter" placeholder:"T" help:"Of this task."`
	Queue     string   `group:"filter" placeholder:"Q" help:"On this queue."`
	Group     string   `group:"filter" placeholder:"G" help:"That were asked for together, under this name."`
	Repeating bool     `group:"filter" help:"That run again and again."`
	Search    string   `group:"filter" placeholder:"TEXT" help:"With all of these words in what is stored or shown of them."`
	Since     string   `group:"filter" placeholder:"TIME" help:"Created at this time or later: 2027-03-01T20:00:00Z, or a day such as 2027-03-01."`
	Until     string   `group:"filter" placeholder:"TIME" help:"Created before this time."`
}

// given reports whether there is any condition.
func (f filterFlags) given() bool {
	return len(f.State) > 0 || f.Task != "" || f.Queue != "" || f.Group != "" || f.Repeating || f.Search != "" || f.Since != "" || f.Until != ""
}

// filter reads the flags. All faults are named at once. What Search means is known to
// the maker of an open session alone.
func (f filterFlags) filter() (task.Filter, error) {
	filter := task.Filter{Task: f.Task, Queue: f.Queue, Group: f.Group, Repeating: f.Repeating}
	var refused []fault.Field
	for _, name := range f.State {
		state, known := task.ParseState(strings.ToUpper(name))
		if !known {
			refused = append(refused, fault.At("state", fault.FieldChoice, "choices", stateNames()))
		}
		filter.States = append(filter.States, state)
	}
	for _, flag := range []struct {
		name, text string
		into       *time.Time
	}{{"since", f.Since, &filter.Since}, {"until", f.Until, &filter.Until}} {
		at, ok := parseTime(flag.text)
		if !ok {
			refused = append(refused, fault.At(flag.name, fault.FieldFormat, "want", "time", "value", flag.text))
		}
		*flag.into = at
	}
	return filter, fault.Invalid(refused...)
}

// parseTime reads RFC 3339, or a day of this laptop's calendar; "" is no time.
func parseTime(text string) (time.Time, bool) {
	if text == "" {
		return time.Time{}, true
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t, true
	}
	t, err := time.ParseInLocation(time.DateOnly, text, time.Local)
	return t, err == nil
}

func stateNames() string {
	names := make([]string, 0, len(task.States()))
	for _, state := range task.States() {
		names = append(names, state.String())
	}
	return strings.Join(names, ", ")
}
