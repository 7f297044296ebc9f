package maths

import (
	"embed"

	"nectar/backend/task"
)

//go:embed texts/*.json
var texts embed.FS

// Plugin makes the plugin.
func Plugin() task.Plugin {
	return task.Plugin{
		Tasks:    []task.Declared{Add, Primes, Power},
		Periodic: []task.Periodic{Primes.Periodic("@weekly", PrimesArgs{From: 1, To: 1e6})},
		Texts:    texts,
	}
}
