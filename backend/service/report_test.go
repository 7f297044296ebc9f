package service_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend/fault"
)

func TestAReportIsSaved(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	file := filepath.Join(t.TempDir(), "report.txt")
	for _, text := range []string{"what went wrong", "and once more"} {
		if err := d.SaveReport(teacher, file, text); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != text {
			t.Errorf("the file holds %q, %v", got, err)
		}
	}
	film := filepath.Join(filepath.Dir(file), "film.mp4")
	if err := os.WriteFile(film, []byte("a film"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]fault.Code{
		film:                                    fault.InvalidRequest,
		"report.txt":                            fault.InvalidRequest,
		filepath.Join(file, "further", "x.txt"): fault.InvalidRequest,
	} {
		if err := d.SaveReport(teacher, path, "text"); fault.CodeOf(err) != want {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
	if got, _ := os.ReadFile(film); string(got) != "a film" {
		t.Errorf("the film is now %q", got)
	}
	if err := d.SaveReport(teacher, file, strings.Repeat("x", 5<<20)); fault.CodeOf(err) != fault.TooLarge {
		t.Errorf("a report of five megabytes: %v", err)
	}
}
