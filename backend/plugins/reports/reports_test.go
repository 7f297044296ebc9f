package reports_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/plugins/reports"
	"nectar/backend/task"
)

var tara = auth.Person{ID: "tara", Name: "Tara", Role: auth.Teacher}

// deps are those of a laptop with one channel and so many jobs.
func deps(jobs int) reports.Deps {
	return reports.Deps{
		Person: func(_ context.Context, id string) (auth.Person, error) {
			if id == tara.ID {
				return tara, nil
			}
			return auth.Person{}, nil
		},
		Channels: func(_ context.Context, person auth.Person) ([]library.Channel, error) {
			if person != tara {
				return nil, errors.New("asked in the name of somebody else")
			}
			return []library.Channel{{
				Metadata: channel.Metadata{
					ID: "be35a0d0f10e45ec9a7e6c0ffee0be35", Name: `=HYPERLINK("http://evil")`, Version: 3, Language: "en",
					Description: "Bees, \"honey\"\nand flowers; ＝1+1; -2; été 北京",
				},
				Totals: channel.Totals{Resources: 7, AvailableResources: 5, Size: 900, AvailableSize: 100},
			}}, nil
		},
		Jobs: func(_ context.Context, person auth.Person, part func([]task.Job) error) error {
			if person != tara {
				return errors.New("asked in the name of somebody else")
			}
			batch := make([]task.Job, 1000)
			for from := 0; from < jobs; from += len(batch) {
				for i := range batch {
					batch[i] = task.Job{
						ID: task.ID(fmt.Sprint(from + i + 1)), Task: "maths.add", State: task.Failed, Priority: task.Regular,
						Args: json.RawMessage(`{"x":1}`), StartedByName: "@SUM(A1)", Created: time.Date(2026, 5, 1, 14, 0, 0, 0, time.FixedZone("", 7200)),
						Failure: &task.Failure{Code: fault.DiskFull},
					}
				}
				if err := part(batch[:min(len(batch), jobs-from)]); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// silent is what stands behind a run when nobody listens.
type silent struct{ task.Sink }

func (silent) SetProgress(int64, int64) {}

// write runs a report as Tara and answers what it says.
func write(t *testing.T, d reports.Deps, name, path string, person auth.Person) (reports.Result, error) {
	t.Helper()
	registry, err := task.NewRegistry(reports.Plugin(d).Tasks...)
	if err != nil {
		t.Fatal(err)
	}
	definition, _ := registry.Lookup(name)
	args, _ := json.Marshal(reports.Args{Path: path})
	result, err := definition.Call(t.Context(), task.NewRun(&task.Job{Args: args, StartedBy: person.ID}, silent{}))
	if err != nil {
		return reports.Result{}, err
	}
	return result.(reports.Result), nil
}

// rows reads a report.
func rows(t *testing.T, path string) [][]string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, marked := bytes.CutPrefix(content, []byte("\xef\xbb\xbf"))
	if !marked {
		t.Error("the file does not say that it is UTF-8")
	}
	if n := bytes.Count(text, []byte("\r\n")); n == 0 {
		t.Error("lines do not end as RFC 4180 says")
	}
	read, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestLibrary(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "channels.csv")
	result, err := write(t, deps(0), "reports.library_csv", path, tara)
	if err != nil || result.Rows != 1 || result.Path != path {
		t.Fatal(result, err)
	}
	want := [][]string{
		{"id", "name", "version", "languages", "description", "resources", "available_resources", "size", "available_size"},
		{"be35a0d0f10e45ec9a7e6c0ffee0be35", `'=HYPERLINK("http://evil")`, "3", "en", "Bees, \"honey\"\nand flowers;' ＝1+1;' -2; été 北京", "7", "5", "900", "100"},
	}
	if diff := cmp.Diff(want, rows(t, path)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJobs(t *testing.T) {
	t.Parallel()

	t.Run("a row a job", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "jobs.csv")
		if result, err := write(t, deps(1), "reports.jobs_csv", path, tara); err != nil || result.Rows != 1 {
			t.Fatal(result, err)
		}
		want := [][]string{
			{"id", "type", "status", "queue", "priority", "args", "started_by", "started_by_name", "created", "due", "started", "finished", "attempts", "last_outcome", "exception", "problem_count"},
			{"1", "maths.add", "FAILED", "", "regular", `{"x":1}`, "", "'@SUM(A1)", "2026-05-01T12:00:00Z", "", "", "", "0", "", "disk_full", "0"},
		}
		if diff := cmp.Diff(want, rows(t, path)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("very many jobs", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "jobs.csv")
		const many = 50_500
		if result, err := write(t, deps(many), "reports.jobs_csv", path, tara); err != nil || result.Rows != many {
			t.Fatal(result, err)
		}
		if got := rows(t, path); len(got) != many+1 || got[many][0] != fmt.Sprint(many) {
			t.Errorf("%d rows", len(got))
		}
	})
}

func TestAReportIsPutInPlaceWhole(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "jobs.csv")
	if err := os.WriteFile(path, []byte("the one before"), 0o600); err != nil {
		t.Fatal(err)
	}
	odd := errors.New("odd")
	broken := deps(0)
	broken.Jobs = func(_ context.Context, _ auth.Person, part func([]task.Job) error) error {
		return errors.Join(part(make([]task.Job, 5000)), odd)
	}
	if _, err := write(t, broken, "reports.jobs_csv", path, tara); !errors.Is(err, odd) {
		t.Errorf("got %v", err)
	}
	if content, _ := os.ReadFile(path); string(content) != "the one before" {
		t.Errorf("the report before it is now %.50q", content)
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
	if _, err := write(t, deps(1), "reports.jobs_csv", folder, tara); fault.CodeOf(err) != fault.NoWrite {
		t.Errorf("over a folder: %v", err)
	}
	if _, err := write(t, deps(1), "reports.jobs_csv", path, auth.Person{ID: "gone"}); fault.CodeOf(err) != fault.Forbidden {
		t.Errorf("for somebody who is not here any more: %v", err)
	}
}

func TestWhereAReportMayBePut(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	registry, err := task.NewRegistry(reports.Plugin(deps(0)).Tasks...)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"reports.library_csv", "reports.jobs_csv"} {
		definition, _ := registry.Lookup(name)
		for path, want := range map[string]fault.Code{
			filepath.Join(folder, "a", "..", "new.csv"): "",
			folder:    fault.FieldOccupied,
			"new.csv": fault.FieldFormat,
		} {
			var got fault.Code
			args, _, err := definition.Validate(t.Context(), tara, map[string]any{"path": path})
			if f := fault.Of(err); f != nil {
				got = f.Fields[0].Code
			} else if strings.Contains(string(args), "..") {
				t.Errorf("%s: the path stays as it was written: %s", name, args)
			}
			if got != want {
				t.Errorf("%s at %s: %q, want %q", name, path, got, want)
			}
		}
	}
}
