package drive

import "context"

// ListFrom lists the drives of a machine whose tables lie in files.
func ListFrom(ctx context.Context, mounts, sys, disks string) ([]Drive, error) {
	return system{mounts: mounts, sys: sys, disks: disks}.list(ctx)
}

// AtFrom is At on such a machine.
func AtFrom(path, mounts, sys, disks string) (Drive, error) {
	return system{mounts: mounts, sys: sys, disks: disks}.at(path)
}
