package cli

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// Commands answers every command that can be written, as its words.
func Commands() [][]string {
	var commands [][]string
	for _, leaf := range kong.Must(&grammar{}, groups).Model.Leaves(false) {
		words := strings.Fields(leaf.Path())
		commands = append(commands, slices.DeleteFunc(words, func(word string) bool { return strings.HasPrefix(word, "(") }))
	}
	return commands
}
