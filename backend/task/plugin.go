package task

import "io/fs"

// Plugin is what an installed plugin brings.
type Plugin struct {
	Tasks []Declared
	// Periodic are the jobs that the plugin wants to be there from the first
	// start on.
	Periodic []Periodic
	// Texts holds the files texts/<language>.json with the words of the
	// plugin's status functions and faults; nil for none.
	Texts fs.FS
}
