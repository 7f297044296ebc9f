package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"nectar/backend/engine"
	"nectar/backend/fault"
	"nectar/backend/task"
)

func TestHandle(t *testing.T) {
	t.Parallel()

	t.Run("a function may say everything from many goroutines, and nothing is lost", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			const speakers, times = 8, 50
			chorus := define("test.chorus", func(_ context.Context, run *task.Run, _ args) (any, error) {
				var speaking sync.WaitGroup
				for speaker := range speakers {
					speaking.Go(func() {
						for i := range times {
							run.Info("%d says %d", speaker, i)
							run.Problem(task.Problem{Code: fault.FileMissing, Item: fmt.Sprintf("%d/%d", speaker, i)})
							run.SetMetadata(fmt.Sprint(speaker), i)
							run.SetCancellable(i%2 == 0)
							run.SetProgress(int64(i+1), times)
							_ = run.Checkpoint(i)
						}
					})
				}
				speaking.Wait()
				return nil, nil
			}, func(s *task.Spec[args]) { s.Unit = task.Items })
			w := started(t, chorus)
			j := w.expect(w.enqueue(chorus, args{}).ID, task.Completed)
			metadata := map[string]int{}
			if err := json.Unmarshal(j.Metadata, &metadata); err != nil || len(metadata) != speakers || metadata["3"] != times-1 {
				t.Errorf("metadata is %s, %v", j.Metadata, err)
			}
			problems, err := w.store.Problems(t.Context(), j.Number, 1, 2*speakers*times)
			if err != nil || len(problems) != speakers*times || j.Problems != speakers*times {
				t.Errorf("%d problems of %d, %v", len(problems), j.Problems, err)
			}
			lines, err := w.store.Log(t.Context(), j.Number, 2*speakers*times)
			if err != nil || len(lines) != speakers*times {
				t.Errorf("%d log lines, %v", len(lines), err)
			}
			if j.Progress != times || j.Total != times {
				t.Errorf("progress is %d of %d", j.Progress, j.Total)
			}
		})
	})

	t.Run("a function sees its job as it was when the attempt began", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			var seen []task.Job
			look := define("test.look", func(_ context.Context, run *task.Run, _ args) (any, error) {
				seen = append(seen, run.Job())
				run.SetProgress(5, 5)
				return nil, nil
			})
			w := started(t, look)
			j := w.expect(w.enqueue(look, args{Name: "Ada"}).ID, task.Completed)
			one(t, w.Restart, j.ID)
			w.expect(j.ID, task.Completed)
			if len(seen) != 2 || seen[0].Attempts != 1 || seen[1].Attempts != 2 || seen[0].State != task.Running ||
				seen[1].Progress != 0 || string(seen[1].Args) != `{"name":"Ada"}` {
				t.Errorf("it saw %+v", seen)
			}
		})
	})

	t.Run("RetryIn goes before a wait, whatever the function answers", func(t *testing.T) {
		bubble(t, func(t *testing.T) {
			scene := newThings("blue")
			again := define("test.again", func(_ context.Context, run *task.Run, _ args) (any, error) {
				if run.Job().Attempts > 1 {
					return nil, nil
				}
				run.RetryIn(time.Hour, task.Overrides{})
				return nil, run.WaitFor(stick("blue"))
			})
			w := build(t, func(c *engine.Config) { c.World = scene }, again)
			w.start()
			j := w.enqueue(again, args{})
			if j := w.expect(j.ID, task.Scheduled); j.Waiting != nil || j.Outcome != task.OutcomeRetried {
				t.Errorf("it ended %q and waits for %+v", j.Outcome, j.Waiting)
			}
			pass(time.Hour)
			w.expect(j.ID, task.Completed)
		})
	})
}
