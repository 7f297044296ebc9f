module nectar/build/torture/faultfs

go 1.25.0

require (
	github.com/hanwen/go-fuse/v2 v2.12.1
	golang.org/x/sys v0.47.0
	nectar v0.0.0
)

replace nectar => ../../..
