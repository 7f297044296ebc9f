// Package channeltest makes Kolibri channels in code: valid ones of every
// schema generation that is read, loads of any size, and ones that are broken
// in a named way. It knows the ids, checksums and totals of what it makes.
//
// It does not import package testing, so benchmarks and end-to-end programs
// use it too; Make and Break serve tests.
package channeltest
