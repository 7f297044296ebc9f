package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// when says what each field of enqueue_args means, in the order of the page.
var when = [][2]string{
	{"enqueue_at", "due at this time, RFC 3339 with a zone; a past one is due at once"},
	{"enqueue_in", "due so long from now: seconds, or a duration such as `1h30m` or `PT1H30M`; not with `enqueue_at`"},
	{"repeat", "so many further runs, from 1, or null for ever; needs `repeat_interval` and one of the two times. `3` makes four runs, and a failed one counts"},
	{"repeat_interval", "seconds between the times at which the runs are due, from 1; needs `repeat`"},
	{"cron", "again and again by a rule of five fields, a descriptor such as `@daily`, `CRON_TZ=Europe/Berlin` in front for a zone; not with the times and repeats"},
	{"catch_up", "what becomes of runs that were missed: `once` (the default) for one in their place, or `skip`; for `repeat` and `cron`"},
	{"retry_interval", "seconds after which a failed run is tried again, from 0; the task's own rule when left out"},
	{"max_retries", "so many times at most; needs a retry interval"},
	{"priority", "`high`, `regular` or `low`; the task's own when left out. `high` needs a coordinator and a task that says its status"},
	{"lifo", "true: before everything due in its priority"},
	{"if_not", "true: no second job while one of the same task and arguments, and of all rules and the priority that are named, waits or runs; the answer is that one"},
}

// checkWhen refuses a page that does not describe the fields that the service
// reads.
func (r *reader) checkWhen() error {
	service, err := r.sources.load("backend/service")
	if err != nil {
		return err
	}
	read := texts(service, "whenFields")
	if len(read) == 0 {
		return errors.New("backend/service has no list whenFields")
	}
	for _, name := range read {
		if !slices.ContainsFunc(when, func(w [2]string) bool { return w[0] == name }) {
			r.refuse("enqueue_args may have the field %s and docs/api.md does not say what it means: add it to the list when in build/generate/requests.go", name)
		}
	}
	for _, w := range when {
		if !slices.Contains(read, w[0]) {
			r.refuse("enqueue_args has no field %s: remove it from the list when in build/generate/requests.go", w[0])
		}
	}
	return nil
}

// texts answers the texts of a list that a variable of the package holds.
func texts(p *pkg, name string) []string {
	var found []string
	for _, file := range p.files {
		for _, declaration := range file.Decls {
			if !slices.Contains(declares(declaration), name) {
				continue
			}
			ast.Inspect(declaration, func(n ast.Node) bool {
				if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
					text, _ := strconv.Unquote(literal.Value)
					found = append(found, text)
				}
				return true
			})
		}
	}
	return found
}

func requestsText() string {
	var b strings.Builder
	b.WriteString(`
## Requests

A request is an object. Beside the fields below, it holds the arguments of its task: see
[tasks.md](tasks.md). At most 1,000 requests and 4 MB are taken at once.

| Field | Meaning |
| --- | --- |
| ` + "`type`" + ` | the name of the task; required |
| ` + "`enqueue_args`" + ` | when and how often it runs, see below; left out: once, now |
| ` + "`request_id`" + ` | text of the caller's choice: sent twice, it makes one job, and the answer is that job |
| ` + "`group`" + ` | text of the caller's choice: requests with the same one belong together; it is kept in ` + "`extra_metadata`" + ` and chosen by the ` + "`group`" + ` of a [JobQuery](#jobquery) |

| Field of ` + "`enqueue_args`" + ` | Meaning |
| --- | --- |
`)
	for _, w := range when {
		fmt.Fprintf(&b, "| `%s` | %s |\n", w[0], cell(w[1]))
	}
	return b.String()
}
