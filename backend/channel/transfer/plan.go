package transfer

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"nectar/backend/channel"
	"nectar/backend/fault"
)

const (
	// planStep is how many files MakePlan looks at between two looks at the
	// context, and asks the Index for at once.
	planStep = 1000
	// cluster is what a file system gives out at least; thousands of tiny
	// files need far more room than their bytes.
	cluster = 4096
)

// Plan says what a Run will do. It is made by MakePlan and holds for as long
// as the content folder stays as it was; a Run looks again at the place of each
// file, or at the names in the folder of many.
type Plan struct {
	CopyFiles, CheckFiles, PresentFiles int
	CopyBytes, CheckBytes, PresentBytes int64
	PartialBytes                        int64 // of CopyBytes, what is here already; see WithPartials

	// Needed is the room that the copies take on the disk, in bytes, without
	// the reserve that is to stay free.
	Needed int64

	content string
	work    []work // in the order of before
}

// work is one file that a Run has to see to.
type work struct {
	Item

	bytes   int64 // its part of the progress; 0 when the size is unknown
	room    int64 // what of Plan.Needed is for it
	partial int64 // what of bytes is here already
}

// Bytes answers the sum of what a Run reports to Config.OnBytes.
func (p Plan) Bytes() int64 { return p.CopyBytes + p.CheckBytes - p.PartialBytes }

// MakePlan compares the wanted files with what lies in the content folder. It
// reads no file, only their sizes and times. An item that is wanted twice
// counts once. The progress, which may be nil, is told how many items were
// looked at so far.
func MakePlan(ctx context.Context, content string, items []Item, index Index, progress func(checked int)) (Plan, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	p := planner{index: index, unseen: len(items), plan: Plan{content: content}}
	checked := 0
	for step := range lookAtAll(ctx, content, items) {
		if err := p.add(ctx, step); err != nil {
			return Plan{}, err
		}
		checked += step.items
		if progress != nil {
			progress(checked)
		}
	}
	if err := ctx.Err(); err != nil {
		return Plan{}, err
	}
	// A file that turns out wrong is copied beside the old one, one or two at
	// a time.
	p.plan.Needed += p.largestCheck
	slices.SortFunc(p.plan.work, before)
	return p.plan, nil
}

// large is the size from which files are copied the largest first, so that the
// workers end together.
const large = 1 << 20

// before orders the work: large files by their size, then all others folder by
// folder, as they mostly lie at the source. Thousands of files that go to and
// fro between the folders have both file systems look up and write the same
// blocks again and again.
func before(a, b work) int {
	if a.bytes >= large || b.bytes >= large {
		return cmp.Or(cmp.Compare(b.bytes, a.bytes), compareNames(a, b))
	}
	return compareNames(a, b)
}

func compareNames(a, b work) int {
	return cmp.Or(bytes.Compare(a.Checksum[:], b.Checksum[:]), cmp.Compare(a.Extension, b.Extension))
}

type planner struct {
	index        Index
	unseen       int // items that were not looked at yet
	plan         Plan
	largestCheck int64
}

// identity tells stored files apart, without the cost of their names.
type identity struct {
	checksum  channel.Checksum
	extension string
}

// found is a wanted file with what lies in its place, nil for nothing.
type found struct {
	Item

	info fs.FileInfo
}

// looked is a step of what is wanted, each file once.
type looked struct {
	items int // that were asked about
	files []found
	err   error
}

// lookAtAll looks at the places of the wanted files, some steps ahead of whoever
// takes them, until the context ends.
func lookAtAll(ctx context.Context, content string, items []Item) <-chan looked {
	const ahead = 4
	steps := make(chan looked, ahead)
	go func() {
		defer close(steps)
		look := looking{content: content, seen: make(map[identity]bool, len(items)), folders: map[byte]bool{}}
		for part := range slices.Chunk(items, planStep) {
			select {
			case steps <- look.step(part):
			case <-ctx.Done():
				return
			}
		}
	}()
	return steps
}

// looking is a look at the places of all that is wanted.
type looking struct {
	content string
	seen    map[identity]bool
	folders map[byte]bool // whether it is there, by the first byte of the checksum, which names it
}

func (l *looking) step(items []Item) looked {
	step := looked{items: len(items), files: make([]found, 0, len(items))}
	for _, item := range items {
		id := identity{item.Checksum, item.Extension}
		if l.seen[id] {
			continue
		}
		l.seen[id] = true
		info, err := l.at(item)
		if err != nil {
			step.err = err
			return step
		}
		step.files = append(step.files, found{item, info})
	}
	return step
}

// at answers what lies in the place of the file; nil for nothing. A folder that
// is missing is asked for once, not for each of its files.
func (l *looking) at(item Item) (fs.FileInfo, error) {
	there, seen := l.folders[item.Checksum[0]]
	if !seen {
		info, err := lookAt(filepath.Dir(item.In(l.content)))
		if err != nil {
			return nil, err
		}
		there = info != nil
		l.folders[item.Checksum[0]] = there
	}
	if !there {
		return nil, nil
	}
	return lookAt(item.In(l.content))
}

func (p *planner) add(ctx context.Context, step looked) error {
	if step.err != nil {
		return step.err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	var here []channel.Checksum
	for _, f := range step.files {
		if f.info != nil {
			here = append(here, f.Checksum)
		}
	}
	var known map[channel.Checksum]Record
	if len(here) > 0 {
		var err error
		if known, err = p.index.Verified(ctx, here); err != nil {
			return fmt.Errorf("look up verified files: %w", err)
		}
	}
	for _, f := range step.files {
		p.sort(f, known)
	}
	p.unseen -= step.items
	return nil
}

// toDo adds to the work. With the first of it room is made for all that may be: mostly
// all is to be done or nothing, and growing in steps would touch five times the memory.
func (p *planner) toDo(w work) {
	if p.plan.work == nil {
		p.plan.work = make([]work, 0, p.unseen)
	}
	p.plan.work = append(p.plan.work, w)
}

func (p *planner) sort(f found, known map[channel.Checksum]Record) {
	declared := max(f.Size, 0)
	switch judge(f.LocalFile, f.info, known) {
	case verified:
		p.plan.PresentFiles++
		p.plan.PresentBytes += f.info.Size()
	case unverified:
		size := f.info.Size()
		p.plan.CheckFiles++
		p.plan.CheckBytes += size
		p.largestCheck = max(p.largestCheck, footprint(size))
		p.toDo(work{Item: f.Item, bytes: size})
	case absent:
		room := footprint(declared)
		p.plan.CopyFiles++
		p.plan.CopyBytes += declared
		p.plan.Needed += room
		p.toDo(work{Item: f.Item, bytes: declared, room: room})
	}
}

// standing is what the place of a wanted file holds.
type standing int

const (
	absent     standing = iota // nothing, or something that cannot be the file
	unverified                 // perhaps the file: its bytes must be read
	verified                   // the file, as it was when it was verified
)

// judge tells the standing of a file from what lies in its place and what the
// index knows. The record outweighs the size that the channel declares, for
// the name is the checksum of what was verified.
func judge(file channel.LocalFile, info fs.FileInfo, records map[channel.Checksum]Record) standing {
	if info == nil || !info.Mode().IsRegular() {
		return absent
	}
	if record, ok := records[file.Checksum]; ok && record == recordOf(file, info) {
		return verified
	}
	if file.Size >= 0 && info.Size() != file.Size {
		return absent
	}
	return unverified
}

// lookAt answers what lies at the path, without following a link; nil when
// there is nothing.
func lookAt(path string) (fs.FileInfo, error) {
	info, err := os.Lstat(path)
	switch {
	case err == nil:
		return info, nil
	case isAbsent(err):
		return nil, nil
	default:
		return nil, fault.New(fault.NoRead, "path", path).Because(err)
	}
}

func footprint(size int64) int64 { return (size + cluster - 1) / cluster * cluster }
