package drive

// SameFileSystem reports whether two paths, or their nearest parents that
// exist, lie on one file system, so that a rename may do instead of a copy.
func SameFileSystem(a, b string) bool {
	one, err := existing(a)
	if err != nil {
		return false
	}
	other, err := existing(b)
	return err == nil && sameFileSystem(one, other)
}
