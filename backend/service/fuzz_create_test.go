package service_test

import (
	"encoding/json"
	"errors"
	"testing"

	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/task"
)

// Whatever is asked for, jobs are stored of it, or it is refused with codes of
// its own and nothing is stored.
func FuzzCreate(f *testing.F) {
	for _, seed := range []string{
		`{"type": "maths.add", "x": 1, "y": 2}`,
		`[{"type": "maths.add", "x": 1, "y": 2}, {"type": "maths.add", "x": 1e300, "y": -0.5}]`,
		`{"type": "maths.add", "x": 1, "y": 2, "request_id": "a\u0000b"}`,
		`{"type": "maths.add", "x": "1", "y": null, "z": []}`,
		`{"type": "maths.add'; DROP TABLE jobs; --", "x": 1}`,
		`{"type": "\u202emaths.add", "enqueue_args": 7}`,
	} {
		f.Add([]byte(seed))
	}
	d := newDesk(f, define("maths.add", task.SignedIn))
	f.Fuzz(func(t *testing.T, text []byte) {
		requests, _, err := service.ParseRequests(text)
		if err != nil {
			return
		}
		d.tries(t, text, requests)
	})
}

// Whatever is asked for as the time of a job, it is due at a time that can be
// stored and told, or refused with a code of its own.
func FuzzEnqueueArgs(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `[]`, `{"enqueue_in": 60}`, `{"enqueue_in": "PT1H30M"}`, `{"enqueue_in": "1h"}`, `{"enqueue_in": -1}`, `{"enqueue_in": 1e18}`,
		`{"enqueue_at": "2027-01-01T00:00:00Z"}`, `{"enqueue_at": "9999-12-31T23:59:59-23:59"}`, `{"enqueue_at": "0000-01-01T00:00:00Z"}`, `{"enqueue_at": 5}`,
		`{"enqueue_in": 0, "repeat": 3, "repeat_interval": "P1D"}`, `{"enqueue_in": 0, "repeat": null, "repeat_interval": 1}`, `{"repeat": 9223372036854775807}`,
		`{"cron": "*/5 * * * *"}`, `{"cron": "CRON_TZ=Asia/Kathmandu 0 3 * * *", "catch_up": "skip"}`, `{"cron": "@weekly", "lifo": true}`,
		`{"retry_interval": 5, "max_retries": 3, "priority": "high"}`, `{"priority": 5}`, `{"if_not": true}`, `{"unknown": {"a": [1]}}`,
	} {
		f.Add([]byte(seed))
	}
	d := newDesk(f, define("maths.add", task.SignedIn))
	f.Fuzz(func(t *testing.T, text []byte) {
		var args any
		if json.Unmarshal(text, &args) != nil {
			return
		}
		d.tries(t, text, []service.Request{request("maths.add", "enqueue_args", args)})
	})
}

// tries asks for the jobs, and takes them away again.
func (d desk) tries(t *testing.T, text []byte, requests []service.Request) {
	t.Helper()
	d.t = t
	jobs, err := d.Create(t.Context(), coordinator, requests)
	stored := d.stored()
	if err != nil {
		var refused *fault.Fault
		if !errors.As(err, &refused) || refused.Code == fault.Internal {
			t.Errorf("%q is refused with %v", text, err)
		}
		if stored != 0 {
			t.Errorf("%q is refused, and %d jobs are stored", text, stored)
		}
		return
	}
	if len(jobs) != len(requests) || stored == 0 && len(requests) > 0 {
		t.Errorf("%q is %d requests, %d jobs are answered and %d stored", text, len(requests), len(jobs), stored)
	}
	for _, j := range jobs {
		if _, err := json.Marshal(j.Job); err != nil {
			t.Errorf("%q makes a job that cannot be told: %v", text, err)
		}
	}
	d.empty()
}
