//go:build !linux

package drive

import "context"

// Mounted reports whether the drive of that id is mounted and attached.
func Mounted(ctx context.Context, id string) bool {
	drives, err := List(ctx)
	if err != nil {
		return false
	}
	for _, d := range drives {
		if d.ID == id {
			return true
		}
	}
	return false
}
