package backend_test

import "io/fs"

// device answers the file system of a file, where it can be told.
func device(fs.FileInfo) uint64 { return 0 }
