package maths

import (
	"context"

	"nectar/backend/task"
)

// AddArgs are the arguments of maths.add.
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
