//go:build !linux && !windows

package drive

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/shirou/gopsutil/v4/disk"
)

// List answers the mounted drives, ordered by path. A drive that does not
// answer within two seconds is listed with its sizes unknown.
func List(ctx context.Context) ([]Drive, error) {
	partitions, err := disk.PartitionsWithContext(ctx, false)
	if err != nil {
		return nil, fmt.Errorf("list partitions: %w", err)
	}
	drives := make([]Drive, len(partitions))
	var asked sync.WaitGroup
	for i, p := range partitions {
		asked.Go(func() { drives[i] = describe(ctx, p) })
	}
	asked.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list drives: %w", err)
	}
	slices.SortFunc(drives, func(a, b Drive) int { return strings.Compare(a.Path, b.Path) })
	return slices.DeleteFunc(drives, func(d Drive) bool { return !ofPeople(d.Path) }), nil
}

func describe(ctx context.Context, p disk.PartitionStat) Drive {
	type answer struct {
		writable    bool
		free, total int64
		err         error
	}
	d := Drive{
		ID: identify("path", p.Device, p.Mountpoint), Name: filepath.Base(p.Mountpoint), Path: p.Mountpoint,
		Device: p.Device, FileSystem: p.Fstype, FreeBytes: Unknown, TotalBytes: Unknown,
		Removable: strings.HasPrefix(p.Mountpoint, "/Volumes/"),
	}
	a, ok := ask(ctx, func() (a answer) {
		a.writable = writable(p.Mountpoint)
		a.free, a.total, a.err = space(p.Mountpoint)
		return a
	})
	if ok && a.err == nil {
		d.Writable, d.FreeBytes, d.TotalBytes = a.writable, a.free, a.total
	}
	return d
}

// ofPeople leaves out the volumes that macOS mounts for itself.
func ofPeople(path string) bool {
	return !strings.HasPrefix(path, "/System/Volumes/") && !strings.HasPrefix(path, "/dev") && !strings.HasPrefix(path, "/private/var/")
}

func fileSystem(path string) (string, error) {
	partitions, err := disk.Partitions(true)
	if err != nil {
		return "", fmt.Errorf("list partitions: %w", err)
	}
	best := disk.PartitionStat{}
	for _, p := range partitions {
		inside := p.Mountpoint == "/" || path == p.Mountpoint || strings.HasPrefix(path, p.Mountpoint+"/")
		if inside && len(p.Mountpoint) >= len(best.Mountpoint) {
			best = p
		}
	}
	return best.Fstype, nil
}
