package service

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/backup"
	"nectar/backend/doctor"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// Device looks after the laptop's own data.
type Device struct{ on DeviceConfig }

// DeviceConfig is what Device stands on.
type DeviceConfig struct {
	Backups func() ([]backup.Backup, error)
	Examine func(ctx context.Context) []doctor.Finding
	// Diagnose writes what may interest whoever helps to a file.
	Diagnose func(ctx context.Context, path string) error
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
