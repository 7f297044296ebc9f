// Package mathstest is the plugin that the guide docs/plugins.md writes. It is
// for the tests and the guide alone and never part of a shipped program; its
// name would be "maths" if it were.
package mathstest
