package cli

import (
	"context"
	"fmt"
	"io"
	"maps"

	"nectar/backend/fault"
	"nectar/backend/service"
)

type enqueueCommand struct {
	Type      string `arg:"" help:"The name of a task, or - for whole requests from standard input: one, or a list."`
	JSON      string `arg:"" optional:"" name:"json" help:"The arguments as a JSON object, or - for standard input."`
	Priority  string `placeholder:"P" help:"high, regular or low."`
	Lifo      bool   `help:"Before everything due in its priority."`
	IfNot     bool   `help:"Not while one of the same task and arguments, and of all rules that are named, waits or runs: answers that one."`
	Wait      bool   `help:"Run the job and wait for its end."`
	whenFlags `embed:""`
}

// Help implements kong.HelpProvider.
func (c *enqueueCommand) Help() string {
	return `Stores the job and leaves; it runs when a window or "nectar work" does. "nectar tasks" shows what there is.

    nectar enqueue device.vacuum --cron @weekly
    echo '[{"type": "device.vacuum"}]' | nectar enqueue - --wait`
}

// whole is what TYPE is when standard input holds whole requests.
const whole = "-"

func (c *enqueueCommand) run(ctx context.Context, f *face) (int, error) {
	if err := c.check(f); err != nil {
		return statusRefused, err
	}
	requests, list, err := c.read(f.stdin)
	if err != nil {
		return statusRefused, err
	}
	order := order{
		list: list,
		wait: c.Wait,
		requests: func(context.Context, *Session) ([]service.Request, error) {
			return requests, nil
		},
	}
	return order.carryOut(ctx, f)
}

func (c *enqueueCommand) check(f *face) error {
	rules := anyGiven(c.whenFlags) || c.Priority != "" || c.Lifo || c.IfNot
	switch {
	case c.Type == whole && c.JSON != "":
		return f.usage("usage.whole_arguments")
	case c.Type == whole && rules:
		return f.usage("usage.whole_rules")
	case c.Wait && c.later():
		return f.usage("usage.wait_for_later")
	}
	return nil
}

// read answers the requests, and whether they were a list.
func (c *enqueueCommand) read(stdin io.Reader) ([]service.Request, bool, error) {
	if c.Type == whole {
		text, err := readAll(stdin)
		if err != nil {
			return nil, false, err
		}
		return service.ParseRequests(text)
	}
	args, err := c.arguments(stdin)
	if err != nil {
		return nil, false, err
	}
	if named, ok := args["type"]; ok && named != c.Type {
		return nil, false, fault.Invalid(fault.At("type", fault.FieldExclusive, "other", c.Type))
	}
	request := maps.Clone(args)
	request["type"] = c.Type
	return []service.Request{withWhen(request, c.rules(args["enqueue_args"]))}, false, nil
}

// arguments reads the JSON object of the arguments; none is an empty one.
func (c *enqueueCommand) arguments(stdin io.Reader) (service.Request, error) {
	text := []byte(c.JSON)
	switch c.JSON {
	case "":
		return service.Request{}, nil
	case "-":
		var err error
		if text, err = readAll(stdin); err != nil {
			return nil, err
		}
	}
	requests, list, err := service.ParseRequests(text)
	if err != nil {
		return nil, err
	}
	if list {
		return nil, fault.Invalid(fault.At("", fault.FieldType, "want", "object"))
	}
	return requests[0], nil
}

// rules puts the flags into enqueue_args. What is given there and by a flag
// is as the flag says.
func (c *enqueueCommand) rules(there any) any {
	given := map[string]any{}
	if c.Priority != "" {
		given["priority"] = c.Priority
	}
	if c.Lifo {
		given["lifo"] = true
	}
	if c.IfNot {
		given["if_not"] = true
	}
	return merged(c.args(there), given)
}

// readAll reads standard input, to one byte over what a request may have.
func readAll(stdin io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(stdin, service.MaxRequestBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read standard input: %w", err)
	}
	return text, nil
}
