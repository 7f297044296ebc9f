package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/store"
	"nectar/backend/task"
)

func allOf(person string) task.Readable { return task.Readable{All: true, Person: person} }

func amiss(t *testing.T, s *store.Store, readable task.Readable) []task.ID {
	t.Helper()
	jobs, total, err := s.Amiss(t.Context(), readable, 10)
	if err != nil {
		t.Fatal(err)
	}
	if int(total) != len(jobs) {
		t.Errorf("%d jobs are amiss, and %d are counted", len(jobs), total)
	}
	ids := []task.ID{}
	for i := range jobs {
		ids = append(ids, jobs[i].ID)
	}
	return ids
}

func TestAmiss(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	inserted := insert(t, s, queued(), queued(), queued(), queued(), queued(func(j *task.Job) { j.Schedule.Cron = "@daily" }))
	done, failed, partly, waits, repeats := inserted[0].ID, inserted[1].ID, inserted[2].ID, inserted[3].ID, inserted[4].ID
	for _, id := range []task.ID{done, failed, partly, repeats} {
		begin(t, s, id)
	}
	end(t, s, done, task.Completed, task.OutcomeCompleted)
	end(t, s, failed, task.Failed, task.OutcomeFailed)
	change(t, s, partly, func(j *task.Job) {
		j.State, j.Outcome, j.Finished, j.Problems = task.Completed, task.OutcomeCompleted, noon, 3
	})
	change(t, s, repeats, func(j *task.Job) { j.State, j.Outcome = task.Scheduled, task.OutcomeFailed })

	all := []task.ID{repeats, partly, failed}
	if diff := cmp.Diff(all, amiss(t, s, allOf("t"))); diff != "" {
		t.Errorf("amiss (-want +got):\n%s", diff)
	}
	if found := amiss(t, s, task.Readable{Person: "t"}); len(found) > 0 {
		t.Errorf("whoever may read nothing is told of %v", found)
	}

	if err := s.Dismiss(t.Context(), "t", read(t, s, failed).Number); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]task.ID{repeats, partly}, amiss(t, s, allOf("t"))); diff != "" {
		t.Errorf("what was set aside is told again (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(all, amiss(t, s, allOf("o"))); diff != "" {
		t.Errorf("what one person set aside is gone for another (-want +got):\n%s", diff)
	}

	change(t, s, failed, func(j *task.Job) { j.State = task.Queued })
	begin(t, s, failed)
	end(t, s, failed, task.Failed, task.OutcomeFailed)
	if diff := cmp.Diff(all, amiss(t, s, allOf("t"))); diff != "" {
		t.Errorf("a later failure is not told (-want +got):\n%s", diff)
	}

	if err := s.DismissAmiss(t.Context(), allOf("t")); err != nil {
		t.Fatal(err)
	}
	if found := amiss(t, s, allOf("t")); len(found) > 0 {
		t.Errorf("all was set aside, and %v are told of", found)
	}
	if read(t, s, waits).State != task.Queued {
		t.Error("a job that waits was touched")
	}
}

func TestWanted(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	waiting := func(code, item string) task.Draft {
		return queued(func(j *task.Job) {
			j.Waiting = &task.Waiting{Need: task.Need{Code: code, Item: item}, Since: noon}
		})
	}
	inserted := insert(t, s, waiting(task.NeedServer, "10.0.0.5"), waiting(task.NeedDrive, "SANDISK"), queued(), waiting(task.NeedDrive, "SANDISK"))
	wanted, err := s.Wanted(t.Context(), allOf("t"))
	if err != nil {
		t.Fatal(err)
	}
	want := []store.Wanted{
		{Need: task.Need{Code: task.NeedServer, Item: "10.0.0.5"}, Jobs: 1, First: inserted[0].Number},
		{Need: task.Need{Code: task.NeedDrive, Item: "SANDISK"}, Jobs: 2, First: inserted[1].Number},
	}
	if diff := cmp.Diff(want, wanted); diff != "" {
		t.Errorf("wanted (-want +got):\n%s", diff)
	}
}
