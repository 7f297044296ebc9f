package service

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/backup"
	"nectar/backend/doctor"
	"nectar/backend/fault"
	"nectar/backend/task"
	"nectar/backend/update"
)

// Device looks after the laptop's own data.
type Device struct{ on DeviceConfig }

// DeviceConfig is what Device stands on.
type DeviceConfig struct {
	Backups func() ([]backup.Backup, error)
	Examine func(ctx context.Context) []doctor.Finding
	// Diagnose writes what may interest whoever helps to a file.
	Diagnose func(ctx context.Context, path string) error
	// Offer answers a newer version of the program that is on a drive, or in the
	// folder, "" for any drive; nil when there is none.
	Offer func(ctx context.Context, folder string) (*update.Offer, error)
	// Upgrade installs an offer; see Upgraded.
	Upgrade func(ctx context.Context, offer update.Offer) (Upgraded, error)
}

// Upgraded says what came of a newer version that was to be installed.
type Upgraded struct {
	Version string
	// HandedOver: the system's own installer goes on from here. Else the version
	// is here, and starts the next time.
	HandedOver bool
}

// Backups answers the backups of the database, the latest first.
func (d *Device) Backups(person auth.Person) ([]backup.Backup, error) {
	if !task.CoordinatorOnly.MayRead(person, nil) {
		return nil, fault.New(fault.Forbidden)
	}
	return d.on.Backups()
}

// MayRestore reports whether the person may bring a backup back.
func (d *Device) MayRestore(person auth.Person) error {
	if !task.CoordinatorOnly.MayRun(person, nil) {
		return fault.New(fault.Forbidden)
	}
	return nil
}

// Examine says what this machine has and lacks.
func (d *Device) Examine(ctx context.Context, person auth.Person) ([]doctor.Finding, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return nil, fault.New(fault.Forbidden)
	}
	return d.on.Examine(ctx), nil
}

// Diagnose writes logs and settings, with names and paths removed, to a file.
func (d *Device) Diagnose(ctx context.Context, person auth.Person, path string) error {
	if !task.CoordinatorOnly.MayRun(person, nil) {
		return fault.New(fault.Forbidden)
	}
	return d.on.Diagnose(ctx, path)
}

// Offer answers a newer version of the program that is on a drive, or at the top
// of the folder; nil when there is none.
func (d *Device) Offer(ctx context.Context, person auth.Person, folder string) (*update.Offer, error) {
	if !task.SignedIn.MayRead(person, nil) {
		return nil, fault.New(fault.Forbidden)
	}
	return d.on.Offer(ctx, folder)
}

// Upgrade installs the newer version of the program that is on a drive, or at
// the top of the folder. A backup of the database is made before. It is
// fault.NoUpdate when there is none, or none of that version; the version ""
// takes what is there.
func (d *Device) Upgrade(ctx context.Context, person auth.Person, folder, version string) (Upgraded, error) {
	if !task.CoordinatorOnly.MayRun(person, nil) {
		return Upgraded{}, fault.New(fault.Forbidden)
	}
	offer, err := d.on.Offer(ctx, folder)
	if err != nil {
		return Upgraded{}, err
	}
	if offer == nil || version != "" && offer.Version != version {
		return Upgraded{}, fault.New(fault.NoUpdate)
	}
	return d.on.Upgrade(ctx, *offer)
}
