// Package config says how this program was built.
package config

import (
	"runtime/debug"
	"strings"
)

// stamped is the version that the scripts of the build put in:
// -ldflags "-X nectar/backend/config.stamped=1.2.3".
var stamped string

// UpdateKey is the public key, in base64, of whoever signs updates on drives. It
// is put in when the program is packaged; without one no update is trusted.
var UpdateKey string

// Version is the version of the program, without a "v": that of the tag in Git,
// or one before the next release where there is none.
var Version = version(stamped, debug.ReadBuildInfo)

// version answers what was stamped, else what Go noted of Git.
func version(stamped string, read func() (*debug.BuildInfo, bool)) string {
	if stamped != "" {
		return stamped
	}
	const unknown = "0.0.0-dev"
	info, ok := read()
	if !ok {
		return unknown
	}
	if noted, ok := strings.CutPrefix(info.Main.Version, "v"); ok {
		return noted
	}
	return unknown
}
