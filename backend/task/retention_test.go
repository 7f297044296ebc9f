package task_test

import (
	"testing"
	"time"

	"nectar/backend/task"
)

func TestRetentionBefore(t *testing.T) {
	t.Parallel()
	noon := at(t, "2026-05-11 12:00")
	for _, c := range []struct {
		name string
		days int64
		now  time.Time
		want time.Time
	}{
		{"ten days back", 10, noon, at(t, "2026-05-01 12:00")},
		{"for ever", 0, noon, time.Time{}},
		{"less than nothing is for ever", -1, noon, time.Time{}},
		{"a clock without a battery", 10, time.Unix(0, 0), time.Time{}},
	} {
		if got := (task.Retention{Days: c.days}).Before(c.now); !got.Equal(c.want) {
			t.Errorf("%s: before %v, want %v", c.name, got, c.want)
		}
	}
}
