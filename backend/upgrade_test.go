package backend_test

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nectar/backend"
	"nectar/backend/drive/drivetest"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/task"
	"nectar/backend/update"
)

// installed answers a program of version 1.0.0 and the key of its makers.
func installed(t *testing.T, kind update.Kind) (*update.Program, ed25519.PrivateKey) {
	t.Helper()
	public, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &update.Program{Version: "1.0.0", Key: public, Kind: kind, Home: t.TempDir(), System: "linux", Architecture: "amd64"}, key
}

// publish writes a signed update onto a stick.
func publish(t *testing.T, key ed25519.PrivateKey, folder string, kind update.Kind) {
	t.Helper()
	const text = "a package"
	sum := sha256.Sum256([]byte(text))
	list, err := json.Marshal(update.List{Version: "1.2.0", Notes: "Faster", Files: []update.File{{
		Name: "nectar.deb", Kind: kind, System: "linux", Architecture: "amd64", Bytes: int64(len(text)), SHA256: hex.EncodeToString(sum[:]),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		update.ListName: list, update.SignatureName: update.Sign(key, list), "nectar.deb": []byte(text),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestANewerVersionOnAStickIsFoundAndHandedToTheSystem(t *testing.T) {
	t.Parallel()
	program, key := installed(t, update.Debian)
	var sticks drivetest.Sticks
	var launched string
	p := startWith(t, backend.Config{
		Folder: t.TempDir(), Drives: &sticks, Program: program,
		Launch: func(_ context.Context, target string) error { launched = target; return nil },
	})
	if offer, err := p.Services.Device.Offer(t.Context(), p.person, ""); offer != nil || err != nil {
		t.Errorf("without a stick: %+v, %v", offer, err)
	}
	folder := t.TempDir()
	publish(t, key, folder, update.Debian)
	sticks.Plug("1234", "SANDISK", folder)
	offer, err := p.Services.Device.Offer(t.Context(), p.person, "")
	if err != nil || offer == nil || offer.Version != "1.2.0" {
		t.Fatalf("%+v, %v", offer, err)
	}
	if _, err := p.Services.Device.Upgrade(t.Context(), p.person, "", "1.1.0"); fault.CodeOf(err) != fault.NoUpdate {
		t.Errorf("another version than was shown: %v", err)
	}
	done, err := p.Services.Device.Upgrade(t.Context(), p.person, "", "1.2.0")
	if err != nil || done != (service.Upgraded{Version: "1.2.0", HandedOver: true}) {
		t.Fatalf("%+v, %v", done, err)
	}
	if text, err := os.ReadFile(launched); err != nil || string(text) != "a package" || strings.HasPrefix(launched, folder) {
		t.Errorf("handed over is %s: %q, %v", launched, text, err)
	}
	if backups, err := p.Services.Device.Backups(p.person); err != nil || len(backups) != 1 {
		t.Errorf("backups before it: %v, %v", backups, err)
	}
}

func TestTheInstallerOfWindowsFindsWhatToKeepAndTheBackup(t *testing.T) {
	t.Parallel()
	program, key := installed(t, update.Setup)
	stick := t.TempDir()
	publish(t, key, stick, update.Setup)
	noted := filepath.Join(program.Home, "trial-1.2.0")
	var before []byte
	folder := t.TempDir()
	p := startWith(t, backend.Config{Folder: folder, Program: program, Launch: func(context.Context, string) (err error) {
		before, err = os.ReadFile(noted) // when the installer starts
		return err
	}})
	if _, err := p.Services.Device.Upgrade(t.Context(), p.person, stick, "1.2.0"); err != nil {
		t.Fatal(err)
	}
	backups, err := p.Services.Device.Backups(p.person)
	if err != nil || len(backups) != 1 {
		t.Fatalf("%v, %v", backups, err)
	}
	first, note, _ := strings.Cut(string(before), "\n")
	var trial update.Trial
	if err := json.Unmarshal([]byte(note), &trial); err != nil || first != "1.0.0" ||
		trial != (update.Trial{Version: "1.2.0", Folder: folder, Backup: backups[0].Name}) {
		t.Errorf("noted is %q: %v", before, err)
	}
}

// afterAFailedUpdate makes a folder as a newer version leaves it that brought
// the database up to its form, did something, and did not start.
func afterAFailedUpdate(t *testing.T, program *update.Program, did string) (folder string, id task.ID) {
	t.Helper()
	folder = t.TempDir()
	p := startWith(t, backend.Config{Folder: folder, Program: program})
	id, err := p.enqueue(service.Request{"type": "device.backup"})
	if err != nil {
		t.Fatal(err)
	}
	p.await(id)
	backups, err := p.Services.Device.Backups(p.person)
	if err != nil || len(backups) != 1 {
		t.Fatalf("%v, %v", backups, err)
	}
	if err := p.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	database := filepath.Join(folder, "app.sqlite3")
	backup := filepath.Join(folder, "backups", backups[0].Name+".sqlite3")
	// The backup is to be of now, when its own job has ended.
	if err := os.Remove(backup); err != nil {
		t.Fatal(err)
	}
	change(t, database, "VACUUM INTO '"+backup+"'")
	change(t, database, "ALTER TABLE jobs ADD COLUMN of_the_new_version TEXT; PRAGMA user_version = 9999; "+did)
	note, err := json.Marshal(update.Trial{Version: "1.2.0", Folder: folder, Backup: backups[0].Name})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(program.Home, "failed"), append([]byte("1.0.0\n"), note...), 0o600); err != nil {
		t.Fatal(err)
	}
	return folder, id
}

func change(t *testing.T, path, script string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(t.Context(), script); err != nil {
		t.Fatal(err)
	}
}

func TestTheDatabaseComesBackAfterAnUpdateThatStoredNothing(t *testing.T) {
	t.Parallel()
	program, _ := installed(t, update.Archive)
	folder, id := afterAFailedUpdate(t, program, "")
	p := startWith(t, backend.Config{Folder: folder, Program: program})
	if fault.CodeOf(p.Back()) != fault.UpdateReturned {
		t.Errorf("the person is told %v", p.Back())
	}
	if _, err := p.Services.Jobs.Show(t.Context(), p.person, id); err != nil {
		t.Errorf("the job of before: %v", err)
	}
	if _, again := program.Failed(); again {
		t.Error("it is not forgotten")
	}
	if kept, err := filepath.Glob(filepath.Join(folder, "app.replaced-*")); err != nil || len(kept) != 1 {
		t.Errorf("the database of the new version is kept as %v, %v", kept, err)
	}
}

func TestWhatANewVersionStoredIsNotThrownAway(t *testing.T) {
	t.Parallel()
	program, _ := installed(t, update.Archive)
	folder, _ := afterAFailedUpdate(t, program, "INSERT INTO settings (name, value) VALUES ('of_the_new_version', '1')")
	if _, err := backend.Open(t.Context(), backend.Config{Folder: folder, Program: program}); fault.CodeOf(err) != fault.NewerData {
		t.Errorf("what the new version stored: %v", err)
	}
	if replaced, err := filepath.Glob(filepath.Join(folder, "app.replaced-*")); err != nil || len(replaced) > 0 {
		t.Errorf("replaced was %v, %v", replaced, err)
	}
}

func TestAnUpdateOfAnotherFolderIsNoneOfThisOne(t *testing.T) {
	t.Parallel()
	program, _ := installed(t, update.Archive)
	afterAFailedUpdate(t, program, "")
	p := startWith(t, backend.Config{Folder: t.TempDir(), Program: program})
	if p.Back() != nil {
		t.Errorf("it says %v", p.Back())
	}
}
