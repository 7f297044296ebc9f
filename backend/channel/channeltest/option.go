package channeltest

import (
	"strconv"

	"nectar/backend/channel"
)

// Option changes one thing of a channel that New makes.
type Option func(*settings)

type settings struct {
	seed      int64
	id        channel.ID
	name      string
	version   int64
	schema    int
	declared  string
	fileSize  int64
	resources int
	filesEach int
	loadBytes int64
}

// Seed makes other ids and other bytes. Two channels of one seed and
// different ids share every file.
func Seed(n int64) Option { return func(o *settings) { o.seed = n } }

// ID sets the channel's id, which else follows from the seed.
func ID(id channel.ID) Option { return func(o *settings) { o.id = id } }

// Name sets the channel's name, which is the title of its root as well.
func Name(name string) Option { return func(o *settings) { o.name = name } }

// Version sets the channel's version.
func Version(n int64) Option { return func(o *settings) { o.version = n } }

// Schema sets the generation whose shape the database has, 1 to 6 or one of
// V020Beta1, V040Beta3 and Unversioned, and declares the same.
func Schema(generation int) Option {
	return func(o *settings) {
		o.schema = generation
		o.declared = strconv.Itoa(generation) // of those before 1 nobody reads it
	}
}

// Declare sets the schema version that the database declares, whatever its
// shape is. It comes after Schema.
func Declare(version string) Option { return func(o *settings) { o.declared = version } }

// FileSize sets the bytes of each main file, such as a video.
func FileSize(bytes int64) Option { return func(o *settings) { o.fileSize = bytes } }

// Load adds as many resources, in topics of twenty, each with as many files,
// all files together of as many bytes. Every twentieth resource is a copy of
// an earlier one and shares its files.
func Load(resources, filesEach int, bytes int64) Option {
	return func(o *settings) {
		o.resources, o.filesEach, o.loadBytes = resources, max(1, filesEach), bytes
	}
}
