package bridge

import "nectar/backend/wire"

// Device is what the window may do for the laptop's own data.
type Device struct{ bridge *Bridge }

// Backups answers the backups of the database, the latest first.
//
//api:permission coordinator
//api:errors forbidden, no_read
func (d *Device) Backups() ([]wire.Backup, error) {
	return ask(d.bridge, func(c call) ([]wire.Backup, error) {
		backups, err := c.services.Device.Backups(c.person)
		return c.maker.Backups(backups), err
	})
}

// Examine says what this machine has and lacks.
//
//api:permission signed in
//api:errors forbidden
func (d *Device) Examine() ([]wire.Finding, error) {
	return ask(d.bridge, func(c call) ([]wire.Finding, error) {
		findings, err := c.services.Device.Examine(c.ctx, c.person)
		return c.maker.Findings(findings), err
	})
}

// Diagnose writes logs and settings, with names and paths removed, to a file.
//
//api:permission coordinator
//api:errors forbidden, invalid_request, no_write, disk_full
func (d *Device) Diagnose(path string) (bool, error) {
	return ask(d.bridge, func(c call) (bool, error) {
		err := c.services.Device.Diagnose(c.ctx, c.person, path)
		return err == nil, err
	})
}

// Offer answers a newer version of the program that is on a drive; null when
// there is none.
//
//api:permission signed in
//api:errors forbidden, no_read
func (d *Device) Offer() (*wire.NewVersion, error) {
	return ask(d.bridge, func(c call) (*wire.NewVersion, error) {
		offer, err := c.services.Device.Offer(c.ctx, c.person, "")
		return c.maker.NewVersion(offer), err
	})
}

// Upgrade installs the newer version of the program that is on a drive, if it is
// still this one. A backup of the database is made before.
//
//api:permission coordinator
//api:errors forbidden, no_update, update_damaged, update_failed, source_gone, disk_full, no_write
func (d *Device) Upgrade(version string) (wire.Upgraded, error) {
	return ask(d.bridge, func(c call) (wire.Upgraded, error) {
		upgraded, err := c.services.Device.Upgrade(c.ctx, c.person, "", version)
		return c.maker.Upgraded(upgraded), err
	})
}
