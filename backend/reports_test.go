package backend_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend/auth"
	"nectar/backend/channel/channeltest"
	"nectar/backend/datadir"
	"nectar/backend/service"
	"nectar/backend/store"
	"nectar/backend/task"
)

func TestReportsHoldOnlyWhatTheAskerMayRead(t *testing.T) {
	t.Parallel()
	c, drive := channeltest.Make(t)
	folder, out := t.TempDir(), t.TempDir()
	teacher := auth.Person{ID: "tara", Name: "Tara", Role: auth.Teacher}
	start(t, folder).stop()
	st, err := store.Open(t.Context(), datadir.Peek(folder).Database(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = st.ChangeRoll(t.Context(), func(roll *auth.Roll) error {
		roll.Members = append(roll.Members, auth.Member{Person: teacher})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	p := start(t, folder)
	p.run(importing(c, drive))

	report := func(person auth.Person, name string) string {
		t.Helper()
		p.person = person
		path := filepath.Join(out, person.ID+name+".csv")
		if job := p.run(service.Request{"type": name, "path": path}); job.State != task.Completed {
			t.Fatalf("%s of %s ends %v: %v", name, person.ID, job.State, job.Failure)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	coordinator := p.person
	if all := report(coordinator, "reports.jobs_csv"); !strings.Contains(all, drive) || !strings.Contains(all, "device.backup") {
		t.Errorf("a coordinator's report lacks jobs:\n%s", all)
	}
	own := report(teacher, "reports.jobs_csv")
	if strings.Contains(own, drive) || strings.Contains(own, "content.diskimport") || strings.Contains(own, coordinator.ID) {
		t.Errorf("a teacher's report tells of others:\n%s", own)
	}
	if !strings.Contains(own, "reports.jobs_csv") {
		t.Errorf("a teacher's report lacks their own job:\n%s", own)
	}
	if channels := report(teacher, "reports.library_csv"); !strings.Contains(channels, string(c.ID)) {
		t.Errorf("the channels are\n%s", channels)
	}
}
