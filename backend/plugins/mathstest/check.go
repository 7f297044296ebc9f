package maths

import (
	"context"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// checkPrimes refuses a range that ends before it begins. The limits of each
// number alone are checked by then.
func checkPrimes(_ context.Context, request task.Request[PrimesArgs]) (task.Validated[PrimesArgs], error) {
	args := request.Args
	if args.To < args.From {
		return task.Validated[PrimesArgs]{}, fault.Invalid(fault.At("to", fault.FieldMin, "min", args.From))
	}
	return task.Validated[PrimesArgs]{
		Args:     args,
		Metadata: map[string]any{"numbers": args.To - args.From + 1},
	}, nil
}
