//go:build unix

package drive

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
)

// measured is what a drive itself tells.
type measured struct {
	isFolder, writable bool
	free, total        int64
	err                error
}

// measure asks all drives at once for their sizes, orders them by path, and
// leaves out those that this user may not look into.
func measure(ctx context.Context, drives []Drive) ([]Drive, error) {
	keep := make([]bool, len(drives))
	var asked sync.WaitGroup
	for i := range drives {
		asked.Go(func() { keep[i] = drives[i].measure(ctx) })
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

// measure fills in what the drive tells, and reports whether files can lie on
// it. One that does not answer may wake up later.
func (d *Drive) measure(ctx context.Context) bool {
	path := d.Path
	m, ok := Ask(ctx, func() (m measured) {
		var info os.FileInfo
		if info, m.err = os.Stat(path); m.err == nil {
			m.isFolder, m.writable = info.IsDir(), writable(path)
			m.free, m.total, m.err = space(path)
		}
		return m
	})
	if !ok {
		d.Writable = false
		return true
	}
	if m.err != nil || !m.isFolder {
		return false
	}
	d.Writable = d.Writable && m.writable
	d.FreeBytes, d.TotalBytes = m.free, m.total
	return true
}
