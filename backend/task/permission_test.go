package task_test

import (
	"testing"

	"nectar/backend/auth"
	"nectar/backend/task"
)

func TestPermissions(t *testing.T) {
	t.Parallel()
	people := []struct {
		name   string
		person auth.Person
	}{
		{"nobody", auth.Person{}},
		{"a person without a role", auth.Person{ID: "x"}},
		{"a role without a person", auth.Person{Role: auth.Coordinator}},
		{"a content manager who is not signed in", auth.Person{ManageContent: true}},
		{"teacher", auth.Person{ID: "t", Role: auth.Teacher}},
		{"content manager", auth.Person{ID: "m", Role: auth.Teacher, ManageContent: true}},
		{"coordinator", auth.Person{ID: "c", Role: auth.Coordinator}},
		{"the program", auth.Program()},
		{"nobody at a new laptop", auth.Person{FirstRun: true}},
		{"the first person at a new laptop", auth.Person{ID: "c", Role: auth.Coordinator, FirstRun: true}},
	}
	jobs := []struct {
		name string
		job  *task.Job
	}{
		{"no job", nil},
		{"the teacher's job", &task.Job{StartedBy: "t"}},
		{"nobody's job", &task.Job{}},
	}
	// A column for each person, in their order; y allows.
	table := []struct {
		permission task.Permission
		name       string
		allows     [3]string // a row for each job
	}{
		{task.SignedIn, "signed in", [3]string{"....yyyy.y", "....yyyy.y", "....yyyy.y"}},
		{task.CoordinatorOnly, "coordinator", [3]string{"......yy.y", "......yy.y", "......yy.y"}},
		{task.ManageContent, "may manage content", [3]string{".....yyy.y", ".....yyy.y", ".....yyy.y"}},
		{task.NotSetUp, "device not set up yet", [3]string{".........y", ".........y", ".........y"}},
		{task.OwnJobs, "own jobs", [3]string{"....yyyy.y", "....y.....", ".........."}},
		{task.AnyOf(task.OwnJobs, task.CoordinatorOnly), "own jobs or coordinator", [3]string{"....yyyy.y", "....y.yy.y", "......yy.y"}},
		{task.AllOf(task.OwnJobs, task.ManageContent), "own jobs and may manage content", [3]string{".....yyy.y", "..........", ".........."}},
		{task.AllOf(task.SignedIn), "signed in", [3]string{"....yyyy.y", "....yyyy.y", "....yyyy.y"}},
		{task.AnyOf(), "", [3]string{"..........", "..........", ".........."}},
		{task.AllOf(), "", [3]string{"..........", "..........", ".........."}},
	}
	for _, row := range table {
		if got := row.permission.String(); got != row.name {
			t.Errorf("the permission is called %q, want %q", got, row.name)
		}
		for j, job := range jobs {
			for p, who := range people {
				want := row.allows[j][p] == 'y'
				if got := row.permission.MayRun(who.person, job.job); got != want {
					t.Errorf("%q: %s may run %s: %v", row.name, who.name, job.name, got)
				}
				if got := row.permission.MayRead(who.person, job.job); got != want {
					t.Errorf("%q: %s may read %s: %v", row.name, who.name, job.name, got)
				}
			}
		}
	}
}
