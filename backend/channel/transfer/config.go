package transfer

import (
	"cmp"
	"time"

	"nectar/backend/channel/source"
	"nectar/backend/fault"
	"nectar/backend/multimd5"
)

// Config says where a Run copies from and to, how, and whom it tells.
type Config struct {
	Source  source.Source
	Content string // the content folder; made when it is missing
	Index   Index
	Claims  *Claims // shared by all runs of the process; nil when there is only one

	// Workers is how many files are copied at a time. Default 2: one reads
	// while the other computes, and a spinning disk does not suffer.
	Workers int
	// Reserve is how many bytes stay free on the disk, so that the laptop
	// goes on working. Default 250 MB, the figure of Kolibri; negative for
	// none.
	Reserve int64
	// Free measures the free bytes of the disk that holds a path. Without it
	// the room is not checked beforehand.
	Free func(path string) (int64, error)
	// ReadBack reads each copy from the disk again before it gets its name,
	// past the bytes in memory where the system allows it. It is for drives
	// that leave for other machines, which trust what lies there. Half of the
	// progress of a copy is for the reading.
	ReadBack bool
	// Group says how many copied files become real at a time.
	Group Group

	// Resigned makes a problem of a file that a source does not give although
	// it is there. Otherwise the Run ends with ServerBusy, since the source may
	// be in trouble and get over it.
	Resigned bool

	// OnBytes is told of progress, in bytes, by all workers at once and often.
	// Over a Run that ends by itself the sum is exactly Plan.Bytes, failed
	// files included.
	OnBytes func(delta int64)
	// OnProblem is told of each file that could not be had, one at a time.
	OnProblem func(Problem)
	// OnGroup is told, after each group has become real, how many files and
	// bytes were copied since the Run began.
	OnGroup func(copied int, bytes int64)

	// sumsAtOnce reports whether many sums are computed faster at once. Default
	// multimd5.Faster.
	sumsAtOnce func() bool
}

// Group is how much work a power cut may cost: a group ends at whichever of
// its limits is reached first, and towards the end of the Run sooner. A zero limit
// is the default.
type Group struct {
	Bytes int64         // default 256 MB
	Files int           // default 5,000
	Every time.Duration // default 2 s
}

// Problem is a file that could not be had. The run goes on without it.
type Problem struct {
	Code  fault.Code // FileMissing, FileDamaged, FileUnreadable, FileIsLink, FileNotServed, WriteDamaged, or NoWrite for a folder in its place
	Title string
	File  string // the file's name
	Err   error  // a *fault.Fault of that code, with its cause
}

// Result is what a Run did, also when it ended early.
type Result struct {
	FilesCopied  int
	FilesPresent int // were here already and are verified
	FilesFailed  int
	BytesCopied  int64
}

func (c Config) withDefaults() Config {
	c.Workers = cmp.Or(max(c.Workers, 0), 2)
	c.Reserve = max(cmp.Or(c.Reserve, 250e6), 0)
	c.Group.Bytes = cmp.Or(c.Group.Bytes, 256e6)
	c.Group.Files = cmp.Or(c.Group.Files, 5000)
	c.Group.Every = cmp.Or(c.Group.Every, 2*time.Second)
	if c.sumsAtOnce == nil {
		c.sumsAtOnce = multimd5.Faster
	}
	if c.OnBytes == nil {
		c.OnBytes = func(int64) {}
	}
	if c.OnProblem == nil {
		c.OnProblem = func(Problem) {}
	}
	if c.OnGroup == nil {
		c.OnGroup = func(int, int64) {}
	}
	return c
}
