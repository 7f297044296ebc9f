// Package wire holds the JSON that the faces share (the window, the command
// line, one process and another), and makes it from the values of the domain
// in one place.
package wire
