package cli_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend/cli"
	"nectar/backend/service"
)

func TestAFilterMayChooseVeryMany(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	l := laptop{tasks: plainTasks}
	const all = service.MaxRequests + 200
	enqueue := func(n int) {
		t.Helper()
		requests := "[" + strings.TrimSuffix(strings.Repeat(`{"type":"test.say"},`, n), ",") + "]"
		c := &console{}
		c.status = cli.Run(t.Context(), []string{"enqueue", "-", "--json"}, cli.Env{
			Stdin: strings.NewReader(requests), Stdout: &c.stdout, Stderr: &c.stderr,
			Open: func(string) cli.Open { return l.open(data) },
		})
		if c.status != 0 {
			t.Fatalf("enqueue: %s", &c.stderr)
		}
	}
	enqueue(service.MaxRequests)
	enqueue(all - service.MaxRequests)

	c := l.call(t, data, nil, "jobs", "cancel", "--queue", "words", "--all", "--json")
	var jobs []struct{ ID, Status string }
	if err := json.Unmarshal(c.stdout.Bytes(), &jobs); err != nil || c.status != 0 || c.stderr.Len() > 0 {
		t.Fatalf("exit status %d, %v: %s", c.status, err, &c.stderr)
	}
	seen := map[string]bool{}
	for _, j := range jobs {
		seen[j.ID] = j.Status == "CANCELED"
	}
	if len(jobs) != all || len(seen) != all || strings.Count(c.stdout.String(), "\n") != 1 {
		t.Errorf("%d jobs, %d different ones, %d lines", len(jobs), len(seen), strings.Count(c.stdout.String(), "\n"))
	}

	// In words the first ones are shown, and how many more there are.
	c = l.call(t, data, nil, "jobs", "delete", "--all")
	if rows := strings.Count(c.stdout.String(), "\n"); c.status != 0 || rows != 1+service.MaxRequests+1 || !strings.Contains(c.stdout.String(), "and 200 more") {
		t.Errorf("exit status %d, %d lines", c.status, rows)
	}
}
