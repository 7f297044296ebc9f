package store_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/task"
)

func TestGroups(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	of := func(group string) json.RawMessage { return json.RawMessage(`{"group":"` + group + `"}`) }
	insert(t, s,
		queued(func(j *task.Job) { j.Metadata = of("a") }),                                 // 1
		queued(func(j *task.Job) { j.Metadata, j.Schedule.Cron = of("a"), "@daily" }),      // 2
		queued(func(j *task.Job) { j.Metadata = of("b") }),                                 // 3
		queued(func(j *task.Job) { j.Metadata = json.RawMessage(`{"title":"group a"}`) }),  // 4
		queued(func(j *task.Job) { j.Metadata, j.Created = of("a"), noon.Add(time.Hour) }), // 5
		queued(func(j *task.Job) { j.Metadata, j.StartedBy = of("a"), "u" }),               // 6
	)
	for _, c := range []struct {
		name   string
		filter task.Filter
		want   []task.ID
	}{
		{"the jobs of a group and no others", task.Filter{Readable: everything, Group: "a"}, []task.ID{"6", "5", "2", "1"}},
		{"a group that nobody made", task.Filter{Readable: everything, Group: "c"}, []task.ID{}},
		{"those of it that repeat", task.Filter{Readable: everything, Group: "a", Repeating: true}, []task.ID{"2"}},
		{"those of it of a time", task.Filter{Readable: everything, Group: "a", Since: noon.Add(time.Hour)}, []task.ID{"5"}},
		{"those of it that a person may read", task.Filter{Readable: task.Readable{Own: []string{"maths.add"}, Person: "u"}, Group: "a"}, []task.ID{"6"}},
		{"those of it with a text", task.Filter{Readable: everything, Group: "a", Search: words("group")}, []task.ID{"6", "5", "2", "1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, listed := list(t, s, c.filter, task.Page{})
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if n := listed.Counts[task.Queued]; n != int64(len(c.want)) {
				t.Errorf("counted %d", n)
			}
		})
	}
}
