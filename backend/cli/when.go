package cli

import (
	"encoding/json"
	"maps"

	"nectar/backend/service"
)

// whenFlags are the flags of WHEN: when, and how often, a job runs. They are
// handed on as they are: the service judges them, for every face alike.
type whenFlags struct {
	At             string `group:"when" placeholder:"TIME" help:"Due at this time, such as 2027-03-01T20:00:00Z."`
	In             string `group:"when" placeholder:"DURATION" help:"Due so long from now: 90 (seconds), 1h30m or PT1H30M."`
	Cron           string `group:"when" placeholder:"EXPR" help:"Due again and again, such as \"0 20 * * *\" or @daily."`
	Repeat         string `group:"when" placeholder:"N" help:"So many further runs, or \"forever\". Needs --repeat-interval, and --at or --in."`
	RepeatInterval string `group:"when" placeholder:"SECONDS" help:"The time between the runs."`
	RetryInterval  string `group:"when" placeholder:"SECONDS" help:"Run again so long after a failure."`
	MaxRetries     string `group:"when" placeholder:"N" help:"So many times at most."`
	CatchUp        string `group:"when" placeholder:"once|skip" help:"What to do about runs that were missed while the laptop was off."`
}

// later reports whether the job is to run at a time of its own. A rule for
// retries alone does not put it off.
func (w whenFlags) later() bool {
	w.RetryInterval, w.MaxRetries = "", ""
	return anyGiven(w)
}

// args makes the enqueue_args of the flags, on top of those that are there.
// Something that is no object is left to the service to refuse.
func (w whenFlags) args(there any) any {
	given := map[string]any{}
	text := func(name, value string) {
		if value != "" {
			given[name] = value
		}
	}
	number := func(name, value string) {
		if value != "" {
			given[name] = numberOrText(value)
		}
	}
	text("enqueue_at", w.At)
	text("enqueue_in", w.In)
	text("cron", w.Cron)
	text("catch_up", w.CatchUp)
	number("repeat", w.Repeat)
	number("repeat_interval", w.RepeatInterval)
	number("retry_interval", w.RetryInterval)
	number("max_retries", w.MaxRetries)
	if w.Repeat == "forever" {
		given["repeat"] = nil
	}
	return merged(there, given)
}

// joining makes the enqueue_args of a command that joins an equal job which waits or
// runs. Whoever names a time wants a job at that time, whatever else there is; one
// that lacks a rule that was named, the service does not take for equal.
func (w whenFlags) joining() any {
	return w.args(map[string]any{"if_not": !w.later()})
}

// merged answers the object with the given values put into it.
func merged(there any, given map[string]any) any {
	if there == nil {
		there = map[string]any{}
	}
	object, ok := there.(map[string]any)
	if !ok {
		return there
	}
	object = maps.Clone(object)
	maps.Copy(object, given)
	return object
}

// numberOrText answers the number that the text is, else the text, for the
// service to refuse.
func numberOrText(text string) any {
	var n json.Number
	if err := json.Unmarshal([]byte(text), &n); err == nil && n.String() == text {
		return n
	}
	return text
}

// withWhen puts enqueue_args into a request, if there is anything to put.
func withWhen(request service.Request, args any) service.Request {
	if object, ok := args.(map[string]any); !ok || len(object) > 0 {
		request["enqueue_args"] = args
	}
	return request
}
