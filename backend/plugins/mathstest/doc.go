// Package maths is the plugin that the guide docs/plugins.md writes. It stands
// in a folder for tests, because it is for them and the guide alone and never
// part of a shipped program.
package maths
