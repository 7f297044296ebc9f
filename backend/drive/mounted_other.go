//go:build !linux

package drive

import (
	"context"
	"slices"
)

// Mounted reports whether the drive of that id is mounted and attached.
func Mounted(ctx context.Context, id string) bool {
	drives, err := List(ctx)
	return err == nil && slices.ContainsFunc(drives, func(d Drive) bool { return d.ID == id })
}
