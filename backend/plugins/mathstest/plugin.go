package mathstest

import (
	"embed"

	"nectar/backend/task"
)

//go:embed texts/*.json
var texts embed.FS

// Plugin makes the plugin.
func Plugin() task.Plugin {
	return task.Plugin{
		Tasks: []task.Declared{Add, Primes, Power},
		Texts: texts,
	}
}
