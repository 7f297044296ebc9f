package update

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Trial is what is remembered of an update until the new version has shown its
// window. The script "start", on Windows Try, looks whether the file "trial" is
// there: when the new version fails before, it brings the version before back and
// leaves the note as "failed", for that version to read. The first line names the
// version before, for the script.
type Trial struct {
	Version string `json:"version"` // the new one
	Folder  string `json:"folder"`  // the data folder
	Backup  string `json:"backup"`  // of its database, made before
}

const (
	trialName  = "trial"
	failedName = "failed"
)

func (t Trial) note() (string, error) {
	text, err := json.Marshal(t)
	return string(text) + "\n", err
}

// returns reports whether a version of this program that does not start gives
// way to the one before.
func (p Program) returns() bool { return p.Kind == Archive || p.Kind == Setup }

// Proven ends the trial of a version that has shown its window, if there is
// one.
func (p Program) Proven() error {
	if !p.returns() {
		return nil
	}
	err := p.forget(trialName)
	if p.Kind == Setup {
		err = errors.Join(err, p.discard(beforeName))
	}
	return err
}

// Failed answers the update that failed to start, because of which this version
// is back; false when there is none.
func (p Program) Failed() (Trial, bool) {
	if !p.returns() {
		return Trial{}, false
	}
	text, err := limited(filepath.Join(p.Home, failedName), listLimit)
	if err != nil {
		return Trial{}, false
	}
	_, note, _ := bytes.Cut(text, []byte("\n"))
	var t Trial
	return t, json.Unmarshal(note, &t) == nil
}

// Forget forgets an update that failed to start.
func (p Program) Forget() error {
	if p.Kind == Setup {
		_ = p.discard(notStartedName) // the installer tries again
	}
	return p.forget(failedName)
}

// forget removes a note, if it is there.
func (p Program) forget(name string) error {
	err := os.Remove(filepath.Join(p.Home, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
