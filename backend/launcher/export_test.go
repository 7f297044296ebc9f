package launcher

// What the tests of Linux look at by itself.
var (
	In     = in
	Advise = advise
)
