package power

import (
	"io/fs"

	"github.com/godbus/dbus/v5"
)

// ReadFrom reads a folder in the form of the kernel's.
func ReadFrom(folder fs.FS) (State, error) { return readFrom(folder) }

// ParsePmset reads the answer of macOS.
func ParsePmset(text string) State { return parsePmset(text) }

// Inhibit asks for a lock over a bus.
func Inhibit(bus *dbus.Conn, why string) (func(), error) { return inhibit(bus, why) }
