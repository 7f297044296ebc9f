//go:build !windows

package update

// registerBefore has nobody to tell: installers are for Windows.
func registerBefore() {}
