// Package plugins is the list of installed plugins. Adding a kind of job
// takes a folder beside this file and one line in All.
package plugins

import (
	"nectar/backend/plugins/content"
	"nectar/backend/plugins/device"
	"nectar/backend/plugins/reports"
	"nectar/backend/task"
)

// Deps is what the plugins stand on, each on its own part.
type Deps struct {
	Content content.Deps
	Device  device.Deps
	Reports reports.Deps
}

// All answers the installed plugins, one line each.
func All(deps Deps) []task.Plugin {
	return []task.Plugin{
		content.Plugin(deps.Content),
		device.Plugin(deps.Device),
		reports.Plugin(deps.Reports),
	}
}
