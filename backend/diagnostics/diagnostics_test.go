package diagnostics_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nectar/backend/diagnostics"
)

// written answers the files of a case.
func written(t *testing.T, c diagnostics.Case) map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := c.Write(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.File {
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(content)
	}
	return files
}

func TestNamesAndPathsAreRemoved(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	logs := filepath.Join(folder, "logs")
	if err := os.Mkdir(logs, 0o700); err != nil {
		t.Fatal(err)
	}
	lines := strings.Join([]string{
		`{"time":"2026-05-01T12:00:00Z","level":"INFO","msg":"job ended","job":7,"task":"content.diskimport","code":"disk_full"}`,
		`{"level":"ERROR","msg":"cannot open","error":"no_write path=` + folder + `/content/x: open /media/amal/My Drive/KOLIBRI_DATA/a.mp4: permission denied"}`,
		`{"level":"WARN","msg":"a problem","error":"file_missing file=/srv/b.pdf title=Holiday of Ahmed: gone","title":"Holiday of Ahmed"}`,
		`{"level":"WARN","msg":"C:\\Users\\Amal\\My Files is odd","server":"amals-laptop","deep":{"path":"/etc/x","list":["see ~/letters/to Zoe","~ 50 / 100"]}}`,
		`{"level":"WARN","msg":"asked http://10.0.0.7:8080/amal?x=1","args":{"path":"/q"},"pin_hash":"argon2id-abc"}`,
		`goroutine 7: /home/amal/go/nectar/backend/a.go:12`,
		`مرحبا أمل العلي`,
		strings.Repeat("x", 100_000) + " /home/amal",
	}, "\n")
	if err := os.WriteFile(filepath.Join(logs, "nectar.log"), []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(logs, "letter.txt"), []byte("private"), 0o600); err != nil {
		t.Fatal(err)
	}
	files := written(t, diagnostics.Case{
		Folder: folder, Logs: logs, Names: []string{"Amal", "أمل العلي", "Ahmed", "x", " "}, Now: time.Now(),
		Documents: map[string]any{
			"settings.json": map[string]any{"retention_days": 90, "recovery_code": "1234", "quiet": "22:00", "content_folder": "/mnt/q"},
			"jobs.json":     []any{map[string]any{"task": "content.diskimport", "detail": "open /mnt/Zoe's photos"}},
		},
	})
	if len(files) != 3 {
		t.Errorf("the archive holds %d files", len(files))
	}
	for name, content := range files {
		lower := strings.ToLower(content)
		for _, leaked := range []string{"amal", "ahmed", "zoe", "أمل", "/media", "my drive", "/srv", "holiday", "my files", "letters", "10.0.0.7", "argon2id", "/etc", "/home", "/mnt", "photos", "1234", folder} {
			if strings.Contains(lower, strings.ToLower(leaked)) {
				t.Errorf("%s holds %q:\n%.3000s", name, leaked, content)
			}
		}
	}
	log := files["logs/nectar.log"]
	for _, kept := range []string{
		`"task":"content.diskimport"`, `"code":"disk_full"`, `"job":7`, "[data folder]/content/x", "permission denied", "goroutine 7: [path]", "file_missing", "مرحبا", "xxxxx",
	} {
		if !strings.Contains(log, kept) {
			t.Errorf("the log lost %q:\n%.3000s", kept, log)
		}
	}
	if !strings.Contains(files["settings.json"], `"retention_days": 90`) || !strings.Contains(files["settings.json"], "22:00") {
		t.Errorf("the settings are %s", files["settings.json"])
	}
}

func TestWithoutLogs(t *testing.T) {
	t.Parallel()
	files := written(t, diagnostics.Case{Logs: filepath.Join(t.TempDir(), "none"), Documents: map[string]any{"about.json": 1}})
	if len(files) != 1 || files["about.json"] != "1\n" {
		t.Errorf("the archive holds %v", files)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "a.log"), []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := (diagnostics.Case{Logs: folder}).Write(ctx, io.Discard); err == nil {
		t.Error("it cannot be called off")
	}
}
