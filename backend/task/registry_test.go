package task_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"nectar/backend/task"
)

type noArgs struct{}

func nothing(context.Context, *task.Run, noArgs) (any, error) { return nil, nil }

func status(task.Described[noArgs]) task.Status { return task.Status{} }

// plain is a spec with all that is required.
func plain(name string) task.Spec[noArgs] {
	return task.Spec[noArgs]{Name: name, Summary: "Do nothing", Permission: task.SignedIn, Run: nothing}
}

func with(name string, change func(*task.Spec[noArgs])) task.Task[noArgs] {
	spec := plain(name)
	change(&spec)
	return task.Define(spec)
}

func TestRegistryRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		tasks []task.Declared
		want  string // said of the task "a.b"
	}{
		{"a name without a plugin", []task.Declared{task.Define(plain("b"))}, `task "b": want a name`},
		{"a name in capitals", []task.Declared{task.Define(plain("A.b"))}, `task "A.b": want a name`},
		{"no name", []task.Declared{task.Define(plain(""))}, `task "": want a name`},
		{"a name twice", []task.Declared{task.Define(plain("a.b")), task.Define(plain("a.b"))}, `task "a.b": registered twice`},
		{"no summary", []task.Declared{with("a.b", func(s *task.Spec[noArgs]) { s.Summary = "" })}, `task "a.b": no summary`},
		{"no permission", []task.Declared{with("a.b", func(s *task.Spec[noArgs]) { s.Permission = nil })}, `task "a.b": no permission`},
		{"no function", []task.Declared{with("a.b", func(s *task.Spec[noArgs]) { s.Run = nil })}, `task "a.b": no Run function`},
		{"an unknown priority", []task.Declared{with("a.b", func(s *task.Spec[noArgs]) { s.Priority = 7 })}, `task "a.b": unknown priority 7`},
		{"a high-priority task without a status function", []task.Declared{with("a.b", func(s *task.Spec[noArgs]) { s.Priority = task.High })}, `task "a.b": a high-priority task needs a status function`},
		{"a long-running task without a status function", []task.Declared{with("a.b", func(s *task.Spec[noArgs]) { s.LongRunning = true })}, `task "a.b": a long-running task needs a status function`},
		{"an unknown way to handle an interruption", []task.Declared{with("a.b", func(s *task.Spec[noArgs]) { s.OnInterruption = "hope" })}, `task "a.b": unknown way to handle an interruption "hope"`},
		{"a number for a fixed id", []task.Declared{with("a.b", func(s *task.Spec[noArgs]) { s.FixedID = "12" })}, `task "a.b": fixed job id "12" is a number`},
		{"a fixed id of another task", []task.Declared{
			with("a.a", func(s *task.Spec[noArgs]) { s.FixedID = "only" }),
			with("a.b", func(s *task.Spec[noArgs]) { s.FixedID = "only" }),
		}, `task "a.b": its fixed job id "only" is that of task "a.a"`},
		{"arguments that are no struct", []task.Declared{task.Define(task.Spec[[]string]{
			Name: "a.b", Summary: "Do nothing", Permission: task.SignedIn,
			Run: func(context.Context, *task.Run, []string) (any, error) { return nil, nil },
		})}, `task "a.b": arguments of type []string: want a struct`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, err := task.NewRegistry(c.tasks...)
			if err == nil || r != nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}

	t.Run("all bad declarations are named at once", func(t *testing.T) {
		t.Parallel()
		_, err := task.NewRegistry(task.Define(plain("one")), task.Define(plain("fine.fine")), task.Define(plain("two")))
		if err == nil || !strings.Contains(err.Error(), `"one"`) || !strings.Contains(err.Error(), `"two"`) || strings.Contains(err.Error(), "fine") {
			t.Errorf("got %v", err)
		}
	})
}

func TestRegistry(t *testing.T) {
	t.Parallel()
	r, err := task.NewRegistry(
		with("b.high", func(s *task.Spec[noArgs]) { s.Priority, s.Status, s.LongRunning = task.High, status, true }),
		with("a.fixed", func(s *task.Spec[noArgs]) { s.FixedID, s.Queue = "a.fixed", "elsewhere" }),
	)
	if err != nil {
		t.Fatal(err)
	}
	names := make([]string, 0, 2)
	for _, d := range r.All() {
		names = append(names, d.Name)
	}
	if want := []string{"a.fixed", "b.high"}; !slices.Equal(names, want) {
		t.Errorf("the tasks are %v, want %v", names, want)
	}
	high, ok := r.Lookup("b.high")
	if !ok || high.Plugin != "b" || high.Queue != "b" || high.OnInterruption != task.Rerun || !high.HasStatus {
		t.Errorf("found %+v, %v", high, ok)
	}
	if fixed, ok := r.Lookup("a.fixed"); !ok || fixed.Queue != "elsewhere" || fixed.Priority != task.Regular {
		t.Errorf("found %+v, %v", fixed, ok)
	}
	if _, ok := r.Lookup("c.gone"); ok {
		t.Error("found a task that is not installed")
	}
}
