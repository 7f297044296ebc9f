package task_test

import (
	"context"
	"fmt"

	"nectar/backend/task"
)

// AddArgs are the arguments of maths.add. The tags make the form in the
// window, the page in the catalogue and the check of requests.
type AddArgs struct {
	X int `json:"x" jsonschema:"title=First number"`
	Y int `json:"y" jsonschema:"title=Second number,default=1"`
}

// Add sums two numbers; the smallest task there can be.
var Add = task.Define(task.Spec[AddArgs]{
	Name:       "maths.add",
	Summary:    "Add two numbers",
	Permission: task.SignedIn,
	Run: func(_ context.Context, run *task.Run, args AddArgs) (any, error) {
		run.Info("adding %d and %d", args.X, args.Y)
		return args.X + args.Y, nil
	},
})

// A task is declared once, as a typed value that carries its own enqueue
// methods, and installed by one line in the list of plugins. The queue is the
// engine in the program, and anything with its two methods in a test.
func Example() {
	if _, err := task.NewRegistry(Add); err != nil {
		fmt.Println(err)
	}
	queue := &shelf{}
	if _, err := Add.Enqueue(context.Background(), queue, AddArgs{X: 4, Y: 2}); err != nil {
		fmt.Println(err)
	}
	job := queue.asked[0]
	fmt.Printf("%s %s as %s\n", job.Task.Name, job.Args, job.StartedBy.Name)
	// Output: maths.add {"x":4,"y":2} as Nectar
}

// A request from outside is checked against the declaration.
func ExampleSchema_Check() {
	for _, field := range Add.Schema.Check(map[string]any{"x": "four", "z": 2.0}) {
		fmt.Println(field.Field, field.Code)
	}
	// Unordered output:
	// x type
	// z unknown
}
