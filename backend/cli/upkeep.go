package cli

import (
	"context"

	"nectar/backend/backup"
	"nectar/backend/doctor"
	"nectar/backend/fault"
)

// Upkeep is what can be done for a data folder that is not open, and that may
// not be possible to open.
type Upkeep interface {
	// Backups answers the backups, the latest first.
	Backups() ([]backup.Backup, error)
	// Restore puts a backup, or an empty database for "", in the place of the
	// database. A folder that another process owns is fault.InUse.
	Restore(ctx context.Context, name string) (backup.Restored, error)
	// Examine says what the machine has and lacks.
	Examine(ctx context.Context) []doctor.Finding
	// Diagnose writes what may interest whoever helps to a file.
	Diagnose(ctx context.Context, path string) error
}

// upkeep does something to the data folder as the person of --as. A folder
// whose database cannot be opened tells nobody's name: there it is done
// without one, for whoever can read the disk can read the data.
func (f *face) upkeep(ctx context.Context, open func(*Session) error, closed func(Upkeep) error) error {
	err := f.with(ctx, ToRead, open)
	switch fault.CodeOf(err) {
	case fault.DamagedData, fault.DataSetAside, fault.NewerData:
	default:
		return err
	}
	keeper, failed := f.env.Upkeep(f.globals.Data)
	if failed != nil {
		return failed
	}
	return closed(keeper)
}
