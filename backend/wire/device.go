package wire

import (
	"github.com/samber/lo"

	"nectar/backend/backup"
	"nectar/backend/doctor"
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
}

// Finding is one thing that the machine has or lacks.
type Finding struct {
	Check   string  `json:"check"`
	State   string  `json:"state"` // good, warning or bad
	Message string  `json:"message"`
	Advice  *string `json:"advice"`
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
		Name: r.Name, Made: stampOrNull(r.Made), Replaced: textOrNull(r.Replaced), Jobs: r.Contents.Jobs,
	}
	if r.LostJobs >= 0 {
		restored.LostJobs = &r.LostJobs
	}
	return restored
}

// Findings makes the JSON of what was found.
func (m *Maker) Findings(findings []doctor.Finding) []Finding {
	return lo.Map(findings, func(f doctor.Finding, _ int) Finding {
		key := "doctor." + f.Text
		advice, _ := m.texts.Text(m.language, key+".advice", f.Params)
		return Finding{Check: f.Check, State: string(f.State), Message: m.Text(key, f.Params), Advice: textOrNull(advice)}
	})
}
