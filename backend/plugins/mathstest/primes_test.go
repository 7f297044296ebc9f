package maths_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/auth"
	"nectar/backend/fault"
	maths "nectar/backend/plugins/mathstest"
	"nectar/backend/task/tasktest"
)

func TestPrimesAreCounted(t *testing.T) {
	t.Parallel()
	var attempt tasktest.Attempt
	result, err := tasktest.Run(t.Context(), &attempt, maths.Primes, maths.PrimesArgs{From: 1, To: 5000})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"count": 669.0, "largest": 4999.0}, result); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	if attempt.Done != 5000 || attempt.Total != 5000 {
		t.Errorf("%d of %d are done at the end", attempt.Done, attempt.Total)
	}
}

func TestPrimesGoOnWhereTheyStopped(t *testing.T) {
	t.Parallel()
	args := maths.PrimesArgs{From: 1, To: 5000}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	first := tasktest.Attempt{OnProgress: func(done, _ int64) {
		if done == 2000 {
			stop()
		}
	}}
	if _, err := tasktest.Run(ctx, &first, maths.Primes, args); !errors.Is(err, context.Canceled) || first.Done != 2000 {
		t.Fatalf("told to stop at 2,000, it stopped at %d: %v", first.Done, err)
	}
	second := tasktest.Attempt{Earlier: &first}
	result, err := tasktest.Run(t.Context(), &second, maths.Primes, args)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"count": 669.0, "largest": 4999.0}, result); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"going on at 2001"}, second.Log); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
}

func TestARangeThatEndsBeforeItBeginsIsRefused(t *testing.T) {
	t.Parallel()
	_, _, err := maths.Primes.Validate(t.Context(), auth.Person{}, map[string]any{"from": 10, "to": 9})
	f := fault.Of(err)
	if f == nil || len(f.Fields) != 1 || f.Fields[0].Field != "to" {
		t.Errorf("got %v, want a refusal of the field to", err)
	}
}

func TestAPowerIsReadFromPaper(t *testing.T) {
	t.Parallel()
	args, _, err := maths.Power.Validate(t.Context(), auth.Person{}, map[string]any{"expression": "2^10"})
	if err != nil || string(args) != `{"base":2,"exponent":10}` {
		t.Errorf("the arguments are %s, %v", args, err)
	}
	for _, expression := range []string{"2*10", "2^1001", "99999999999999999999^2"} {
		_, _, err := maths.Power.Validate(t.Context(), auth.Person{}, map[string]any{"expression": expression})
		if fault.CodeOf(err) != fault.InvalidRequest {
			t.Errorf("%s is answered by %v", expression, err)
		}
	}
	result, err := tasktest.Run(t.Context(), &tasktest.Attempt{}, maths.Power, maths.PowerArgs{Base: 2, Exponent: 100})
	if result != "1267650600228229401496703205376" || err != nil {
		t.Errorf("2^100 = %v, %v", result, err)
	}
}
