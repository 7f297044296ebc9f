package drive

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// List answers the mounted drives, ordered by path. A drive that does not
// answer within two seconds is listed with its sizes unknown.
func List(ctx context.Context) ([]Drive, error) {
	return system{mounts: "/proc/self/mountinfo", sys: "/sys", disks: "/dev/disk"}.list(ctx)
}

// system says where the kernel tells of mounts and devices.
type system struct {
	mounts string // the table of mounts
	sys    string // sysfs
	disks  string // holds by-label and by-uuid
}

func (s system) list(ctx context.Context) ([]Drive, error) {
	table, err := os.ReadFile(s.mounts)
	if err != nil {
		return nil, fmt.Errorf("read mounts: %w", err)
	}
	labels, uuids := s.names("by-label"), s.names("by-uuid")
	var drives []Drive
	for _, m := range visible(parseMounts(string(table))) {
		device := s.device(m.source)
		d := Drive{
			Path: m.path, Device: m.source, FileSystem: m.fileSystem, Removable: s.removable(device),
			Name:      cmp.Or(labels[device], filepath.Base(m.path)),
			FreeBytes: Unknown, TotalBytes: Unknown,
		}
		if uuid := uuids[device]; uuid != "" {
			d.ID = identify("uuid", uuid, m.root)
		} else {
			d.ID = identify("path", m.source, m.path)
		}
		if systemPath(m.path) && !d.Removable {
			continue
		}
		d.Writable = !m.readOnly
		drives = append(drives, d)
	}
	return measure(ctx, drives)
}

// measure asks all drives at once for their sizes, and leaves out those that
// this user may not look into.
func measure(ctx context.Context, drives []Drive) ([]Drive, error) {
	type answer struct {
		isFolder, writable bool
		free, total        int64
		err                error
	}
	keep := make([]bool, len(drives))
	var asked sync.WaitGroup
	for i := range drives {
		asked.Go(func() {
			path := drives[i].Path
			a, ok := ask(ctx, func() (a answer) {
				var info os.FileInfo
				if info, a.err = os.Stat(path); a.err == nil {
					a.isFolder, a.writable = info.IsDir(), writable(path)
					a.free, a.total, a.err = space(path)
				}
				return a
			})
			if !ok {
				keep[i], drives[i].Writable = true, false
				return
			}
			keep[i] = a.err == nil && a.isFolder
			drives[i].Writable = drives[i].Writable && a.writable
			drives[i].FreeBytes, drives[i].TotalBytes = a.free, a.total
		})
	}
	asked.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("list drives: %w", err)
	}
	var kept []Drive
	for i, d := range drives {
		if keep[i] {
			kept = append(kept, d)
		}
	}
	slices.SortFunc(kept, func(a, b Drive) int { return strings.Compare(a.Path, b.Path) })
	return kept, nil
}
