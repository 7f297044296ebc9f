package maths

import (
	"context"
	"fmt"
	"math/big"

	"nectar/backend/fault"
	"nectar/backend/task"
)

// PowerRequest is how people ask for maths.power.
type PowerRequest struct {
	Expression string `json:"expression" jsonschema:"title=Power,description=Such as 2^10,pattern=^[0-9]+\\^[0-9]+$,maxLength=20"`
}

// PowerArgs are the arguments of maths.power.
type PowerArgs struct {
	Base     int64 `json:"base"`
	Exponent int64 `json:"exponent"`
}

// Power raises one number to the power of another. People write it as they
// would on paper; from Go it takes two numbers.
var Power = task.Define(task.Spec[PowerArgs]{
	Name:       "maths.power",
	Summary:    "Raise a number to a power",
	Permission: task.SignedIn,
	Requests:   task.From(readPower),
	Run: func(_ context.Context, _ *task.Run, args PowerArgs) (any, error) {
		return new(big.Int).Exp(big.NewInt(args.Base), big.NewInt(args.Exponent), nil).String(), nil
	},
})

// readPower makes arguments of what a person asks for.
func readPower(_ context.Context, request task.Request[PowerRequest]) (task.Validated[PowerArgs], error) {
	var args PowerArgs
	if _, err := fmt.Sscanf(request.Args.Expression, "%d^%d", &args.Base, &args.Exponent); err != nil || args.Exponent > 1000 {
		return task.Validated[PowerArgs]{}, fault.Invalid(fault.At("expression", fault.FieldFormat, "want", "power", "value", request.Args.Expression))
	}
	return task.Validated[PowerArgs]{Args: args}, nil
}
