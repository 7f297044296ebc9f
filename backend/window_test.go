package backend_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"nectar/backend"
	"nectar/backend/bridge"
	"nectar/backend/fault"
	"nectar/backend/wire"
)

// desk is a window without a page: what it is told, and whether it was closed.
type desk struct {
	*backend.Window

	shown chan string
	left  chan struct{}
}

// newDesk makes a window over a folder, which the end of the test closes.
func newDesk(t *testing.T, folder string) *desk {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	d := &desk{shown: make(chan string, 1), left: make(chan struct{}, 1)}
	d.Window = &backend.Window{
		Folder: folder, Language: "en", Log: log, Bridge: bridge.New(log),
		Given: func() string { return "" },
		Show:  func(given string) { d.shown <- given },
		Emit:  func(string, any) {},
		Leave: func() { d.left <- struct{}{} },
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func TestAPageThatIsThereBeforeTheFolderIsOpenIsAnsweredAfterwards(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, folder)
		answered := make(chan wire.Opening, 1)
		go func() { answered <- d.Opening() }()
		synctest.Wait()
		select {
		case opening := <-answered:
			t.Fatalf("a folder that is not open yet opened as %+v", opening)
		default:
		}
		if err := d.Open(t.Context()); err == nil {
			t.Error("a file was opened as a folder")
		}
		<-answered
	})
}

func TestAWindowHasItsFolderUntilItCloses(t *testing.T) {
	t.Parallel()
	d := newDesk(t, t.TempDir())
	if err := d.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if opening := d.Opening(); opening.Fault != nil || opening.Lost != nil || opening.Back != nil || d.Running() != 0 {
		t.Errorf("a new folder opened as %+v with %d jobs", opening, d.Running())
	}
	if err := d.Bridge.Admit(); err != nil {
		t.Errorf("a call of the page is refused: %v", err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := d.Bridge.Admit(); fault.CodeOf(err) != fault.Internal {
		t.Errorf("of a closed folder a call of the page says %v", err)
	}
	if code := d.Explain(fault.New(fault.NotFound)).Code; code != string(fault.NotFound) {
		t.Errorf("a fault is explained as %q then", code)
	}
}

func TestASecondWindowOfAFolderShowsTheFirst(t *testing.T) {
	t.Parallel()
	first := newDesk(t, t.TempDir())
	if err := first.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	second := newDesk(t, first.Folder)
	if err := second.Open(t.Context()); err != backend.ErrShown { //nolint:errorlint // it is that one
		t.Fatalf("the second says %v", err)
	}
	<-first.shown
	if err := second.OpenAgain(t.Context()); err != nil {
		t.Error(err)
	}
	<-second.left
}

func TestADamagedDatabaseIsMendedInTheWindow(t *testing.T) {
	t.Parallel()
	p := start(t, t.TempDir())
	made := p.backUp()
	p.stop()
	spoil(t, p.folder)

	d := newDesk(t, p.folder)
	if err := d.Open(t.Context()); fault.CodeOf(err) != fault.DataSetAside || !backend.Stays(err) {
		t.Fatalf("the window says %v", err)
	}
	d.Speak("de")
	opening := d.Opening()
	if opening.Fault == nil || opening.Fault.Code != string(fault.DataSetAside) || len(opening.Backups) != 1 || opening.Backups[0].Name != made.Name {
		t.Fatalf("it opened as %+v", opening)
	}
	if english := newDesk(t, p.folder).Sentence(d.Failure()).Message; opening.Fault.Message == english {
		t.Errorf("whoever chose German is told %q", english)
	}
	if err := d.OpenAgain(t.Context()); err != nil || d.Opening().Fault == nil {
		t.Errorf("a damaged database is a matter of room on the disk: %v", err)
	}
	restored, err := d.Restore(t.Context(), made.Name)
	if err != nil || restored.Name != made.Name {
		t.Fatalf("restored %+v, %v", restored, err)
	}
	if opening := d.Opening(); opening.Fault != nil || d.Failure() != nil {
		t.Errorf("after it the folder is open as %+v, %v", opening, d.Failure())
	}
}

func TestNothingIsRestoredIntoAFolderThatIsNotOpen(t *testing.T) {
	t.Parallel()
	d := newDesk(t, t.TempDir())
	if _, err := d.Restore(t.Context(), ""); fault.CodeOf(err) != fault.Internal {
		t.Errorf("it says %v", err)
	}
}
