package backend_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nectar/backend"
	"nectar/backend/cli"
	"nectar/backend/datadir"
	"nectar/backend/service"
	"nectar/backend/task"
	"nectar/backend/wire"
)

// nectar carries out a command on a data folder and answers what it wrote on
// standard output, and on standard error.
func nectar(t *testing.T, folder string, want int, args ...string) (answer, refusal string) {
	t.Helper()
	var out, refused bytes.Buffer
	status := cli.Run(t.Context(), args, cli.Env{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &refused,
		Open:   func(string) cli.Open { return openWith(backend.Config{Folder: folder}) },
		Upkeep: func(string) (cli.Upkeep, error) { return backend.Upkeep{Folder: folder}, nil },
	})
	if status != want {
		t.Fatalf("nectar %s ends with %d, want %d\n%s%s", strings.Join(args, " "), status, want, &out, &refused)
	}
	return out.String(), refused.String()
}

// read decodes the one JSON document of an answer.
func read[T any](t *testing.T, document string) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(document), &value); err != nil {
		t.Fatalf("%v in %s", err, document)
	}
	return value
}

func TestABackupComesBackFromTheCommandLine(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if out, _ := nectar(t, folder, 0, "backup", "list"); !strings.Contains(out, "no backup yet") {
		t.Errorf("at first there is %s", out)
	}
	out, _ := nectar(t, folder, 0, "backup", "--json")
	if job := read[wire.JobDetail](t, out); job.Status != "COMPLETED" || job.Type != "device.backup" {
		t.Errorf("the backup is %s", out)
	}
	out, _ = nectar(t, folder, 0, "backup", "list", "--json")
	backups := read[[]wire.Backup](t, out)
	if len(backups) != 1 || backups[0].Bytes == 0 || backups[0].Version == 0 {
		t.Fatalf("the backups are %s", out)
	}
	nectar(t, folder, 0, "enqueue", "device.vacuum")
	out, _ = nectar(t, folder, 0, "backup", "restore", backups[0].Name, "--json")
	if r := read[wire.Restored](t, out); r.Name != backups[0].Name || r.Jobs != 1 || r.LostJobs == nil || *r.LostJobs != 1 || r.Replaced == nil {
		t.Errorf("restored %s", out)
	}
	out, _ = nectar(t, folder, 0, "jobs", "--json")
	if page := read[wire.JobPage](t, out); len(page.Jobs) != 1 {
		t.Errorf("the jobs are %s", out)
	}

	spoil(t, folder)
	_, refused := nectar(t, folder, 2, "work", "--until-idle")
	if !strings.Contains(refused, "nectar backup restore "+backups[0].Name) {
		t.Errorf("the backup is not offered: %s", refused)
	}
	_, refused = nectar(t, folder, 2, "jobs", "--json")
	if e := read[struct{ Error wire.Error }](t, refused); e.Error.Code != "data_set_aside" {
		t.Errorf("reading says %s", refused)
	}
	if out, _ := nectar(t, folder, 0, "doctor"); !strings.Contains(out, "set aside") {
		t.Errorf("the doctor says %s", out)
	}
	nectar(t, folder, 0, "diagnostics", "--out", filepath.Join(t.TempDir(), "d.zip"))
	nectar(t, folder, 0, "backup", "list")
	if out, _ := nectar(t, folder, 0, "backup", "restore", backups[0].Name); !strings.Contains(out, "Brought back") {
		t.Errorf("restored: %s", out)
	}
	nectar(t, folder, 0, "jobs")
	if out, _ := nectar(t, folder, 0, "backup", "restore", "--empty"); !strings.Contains(out, "empty database") {
		t.Errorf("restored: %s", out)
	}

	for _, wrong := range [][]string{{"backup", "restore"}, {"backup", "restore", backups[0].Name, "--empty"}, {"backup", "restore", "../app"}} {
		nectar(t, folder, 2, wrong...)
	}
	p := start(t, folder)
	_, refused = nectar(t, folder, 2, "backup", "restore", backups[0].Name, "--json")
	if e := read[struct{ Error wire.Error }](t, refused); e.Error.Code != "in_use" {
		t.Errorf("beside an owner it says %s", refused)
	}
	p.stop()
}

func TestTheDoctorLooksAndMakesNothing(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	states := func() map[string]wire.Finding {
		out, _ := nectar(t, folder, 0, "doctor", "--json")
		found := map[string]wire.Finding{}
		for _, f := range read[[]wire.Finding](t, out) {
			found[f.Check] = f
			if f.Message == "" || strings.HasPrefix(f.Message, "doctor.") || strings.Contains(f.Message, "?") {
				t.Errorf("%s says %q", f.Check, f.Message)
			}
			for _, named := range f.Times {
				at, err := time.Parse("2006-01-02T15:04:05.000Z", named.Time)
				if err != nil || !strings.Contains(f.Message, named.Text) || named.Text != at.Local().Format("2006-01-02 15:04 MST") {
					t.Errorf("%s says %q, which names %v (%v)", f.Check, f.Message, named, err)
				}
			}
		}
		return found
	}
	fresh := states()
	if len(fresh) != 10 || fresh["folder"].State != "good" || fresh["backups"].State != "warning" {
		t.Errorf("of a new laptop it says %v", fresh)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("looking made the folder")
	}
	p := start(t, folder)
	p.run(service.Request{"type": "device.backup"})
	used := states()
	if !strings.Contains(used["owner"].Message, "process") || used["database"].State != "good" || used["backups"].State != "good" {
		t.Errorf("of one in use it says %v", used)
	}
	for _, check := range []string{"clock", "owner", "backups"} {
		if len(used[check].Times) != 1 {
			t.Errorf("of one in use %s names the times %v", check, used[check].Times)
		}
	}
	p.stop()
	spoil(t, folder)
	if got := states()["database"]; got.State != "bad" || got.Advice == nil {
		t.Errorf("of a damaged database it says %v", got)
	}
	if _, err := os.Stat(datadir.Peek(folder).Database()); err != nil {
		t.Errorf("looking moved the database: %v", err)
	}
}

func TestDiagnosticsTellOfNoOneAndOfNothingAsked(t *testing.T) {
	t.Parallel()
	folder, out := filepath.Join(t.TempDir(), "Amals Ordner"), t.TempDir()
	log, closeLog := backend.OpenLog(datadir.Peek(folder).Logs())
	b, err := backend.Open(t.Context(), backend.Config{Folder: folder, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	log.Error("cannot open", "error", "open "+folder+"/content/x of Coordinator at /media/usb stick: gone")
	closeLog()
	p := start(t, folder)
	job := p.run(service.Request{"type": "device.backup_check", "name": "the letter to Zoe"})
	if job.State != task.Failed {
		t.Fatalf("the check ends %v", job.State)
	}
	byJob, byCommand := filepath.Join(out, "job.zip"), filepath.Join(out, "command.zip")
	if job := p.run(service.Request{"type": "device.diagnostics", "path": byJob}); job.State != task.Completed {
		t.Fatalf("the diagnostics end %v: %v", job.State, job.Failure)
	}
	nectar(t, folder, 0, "diagnostics", "--out", byCommand)
	for _, path := range []string{byJob, byCommand} {
		names, content := unzipped(t, path)
		for _, want := range []string{"about.json", "doctor.json", "jobs.json", "settings.json", "logs/nectar.log"} {
			if !strings.Contains(names, want) {
				t.Errorf("%s lacks %s, it has %s", path, want, names)
			}
		}
		for _, leaked := range []string{folder, "Amals", "Coordinator", "usb stick", "letter", "Zoe"} {
			if strings.Contains(content, leaked) {
				t.Errorf("%s tells of %q:\n%s", path, leaked, content)
			}
		}
		if !strings.Contains(content, "device.backup_check") || !strings.Contains(content, "not_found") {
			t.Errorf("%s does not say which job failed, and how:\n%s", path, content)
		}
	}
	for _, wrong := range []string{out, datadir.Peek(folder).Database(), filepath.Join(out, "none", "d.zip")} {
		nectar(t, folder, 2, "diagnostics", "--out", wrong)
		if _, err := p.enqueue(service.Request{"type": "device.diagnostics", "path": wrong}); err == nil {
			t.Errorf("diagnostics may be put at %s", wrong)
		}
	}
}

func unzipped(t *testing.T, path string) (names, content string) {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = archive.Close() }()
	for _, f := range archive.File {
		names += f.Name + "\n"
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		content += string(text)
	}
	return names, content
}
