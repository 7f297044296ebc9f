package wire

import (
	"maps"
	"slices"
	"strings"

	"github.com/samber/lo"

	"nectar/backend/backup"
	"nectar/backend/doctor"
	"nectar/backend/fault"
	"nectar/backend/service"
	"nectar/backend/update"
)

// Backup is one copy of the database.
type Backup struct {
	Name    string `json:"name"`
	Made    string `json:"made"`
	Bytes   int64  `json:"bytes"`
	Version int    `json:"version"` // of the database in it
}

// Restored is what was brought back, and what was lost by it.
type Restored struct {
	Name     string  `json:"name"`      // of the backup; "" for an empty database
	Made     *string `json:"made"`      // null for an empty database
	Replaced *string `json:"replaced"`  // where the database is that was here; null when there was none
	Jobs     int64   `json:"jobs"`      // that it holds
	LostJobs *int64  `json:"lost_jobs"` // created after the backup; null when nobody can tell
	HeldJobs int64   `json:"held_jobs"` // that waited when it was made, and are paused until somebody decides
}

// Opening says how the data folder opened.
type Opening struct {
	Fault   *Error   `json:"fault"`   // why it did not, where that can be mended; null when it is open
	Backups []Backup `json:"backups"` // that can take its place then, the latest first
	Lost    *Error   `json:"lost"`    // what was found missing in it, if anything
	Back    *Error   `json:"back"`    // the new version of the program that did not start, if this one is back
	Ended   *Error   `json:"ended"`   // the page before, if its process ended; said once
}

// Finding is one thing that the machine has or lacks.
type Finding struct {
	Check   string  `json:"check"`
	State   string  `json:"state"` // good, warning or bad
	Message string  `json:"message"`
	Advice  *string `json:"advice"`
	// Times are those that the message names, so that whoever shows it may write
	// them in another way.
	Times []NamedTime `json:"times"`
}

// NamedTime is a time that stands in a sentence.
type NamedTime struct {
	Text string `json:"text"` // as the sentence has it
	Time string `json:"time"`
}

// NewVersion is a newer version of the program on a drive.
type NewVersion struct {
	Version string   `json:"version"`
	Notes   []string `json:"notes"` // what is new
	Bytes   int64    `json:"bytes"` // of the package
	Path    string   `json:"path"`  // where it lies
}

// Upgraded is what came of a newer version that was to be installed.
type Upgraded struct {
	Version    string `json:"version"`
	HandedOver bool   `json:"handed_over"` // the system's installer goes on from here
}

// NewVersion makes the JSON of a newer version; null for none.
func (m *Maker) NewVersion(o *update.Offer) *NewVersion {
	if o == nil {
		return nil
	}
	notes := lo.Filter(strings.Split(o.Notes, "\n"), func(line string, _ int) bool { return line != "" })
	return &NewVersion{Version: o.Version, Notes: notes, Bytes: o.File.Bytes, Path: o.Folder}
}

// Upgraded makes the JSON of what came of an installation.
func (m *Maker) Upgraded(u service.Upgraded) Upgraded {
	return Upgraded{Version: u.Version, HandedOver: u.HandedOver}
}

// Backups makes the JSON of backups.
func (m *Maker) Backups(backups []backup.Backup) []Backup {
	return lo.Map(backups, func(b backup.Backup, _ int) Backup {
		return Backup{Name: b.Name, Made: stamp(b.Made), Bytes: b.Bytes, Version: b.Version}
	})
}

// Restored makes the JSON of what was brought back.
func (m *Maker) Restored(r backup.Restored) Restored {
	restored := Restored{
		Name: r.Name, Made: stampOrNull(r.Made), Replaced: textOrNull(r.Replaced), Jobs: r.Contents.Jobs, HeldJobs: r.Contents.Held,
	}
	if r.LostJobs >= 0 {
		restored.LostJobs = &r.LostJobs
	}
	return restored
}

// spelled is how a sentence writes a time: the same in every language, and for
// one reading only.
const spelled = "2006-01-02 15:04 MST"

// Findings makes the JSON of what was found.
func (m *Maker) Findings(findings []doctor.Finding) []Finding {
	return lo.Map(findings, func(f doctor.Finding, _ int) Finding {
		key, params, times := "doctor."+f.Text, f.Params, []NamedTime{}
		for _, name := range slices.Sorted(maps.Keys(f.Times)) {
			named := NamedTime{Text: f.Times[name].Local().Format(spelled), Time: stamp(f.Times[name])}
			times = append(times, named)
			params = lo.Assign(params, fault.Params{name: named.Text})
		}
		advice, _ := m.texts.Text(m.language, key+".advice", params)
		return Finding{
			Check: f.Check, State: string(f.State), Message: m.Text(key, params), Advice: textOrNull(advice), Times: times,
		}
	})
}
