package drive

import "context"

// ListFrom lists the drives of a machine whose tables lie in files.
func ListFrom(ctx context.Context, mounts, sys, disks string) ([]Drive, error) {
	return system{mounts: mounts, sys: sys, disks: disks}.list(ctx)
}

// MountedFrom is Mounted on such a machine.
func MountedFrom(id, mounts, sys, disks string) bool {
	return system{mounts: mounts, sys: sys, disks: disks}.mounted(id)
}

// AttachedTo is Attached on such a machine.
func AttachedTo(sys string, d Drive) bool { return system{sys: sys}.attached(d.Device) }

// AtFrom is At on such a machine.
func AtFrom(path, mounts, sys, disks string) (Drive, error) {
	return system{mounts: mounts, sys: sys, disks: disks}.at(path)
}

// EjectBy is Eject of a removable drive by another tool.
func EjectBy(ctx context.Context, tool string, d Drive) error { return ejectBy(ctx, tool, d) }
