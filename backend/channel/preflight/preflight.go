// Package preflight answers what a job that copies files would do, before
// anything changes: what comes, what is there already, what the source lacks,
// what the file system forbids, and whether the rest fits, together with what
// other jobs will still write to the same disk.
package preflight

import (
	"context"
	"encoding/json"

	"nectar/backend/channel"
	"nectar/backend/channel/selection"
	"nectar/backend/drive"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// NeededBytes is the name of the metadata in which a job says how many bytes
// of room it was going to take when it was made.
const NeededBytes = "needed_bytes"

// Disk is where the files would come to.
type Disk struct {
	Path       string // as people know it
	FileSystem string // as the system names it; "" when it is not known
	Cluster    int64  // what a file takes at least, in bytes
	Free       int64  // bytes that may be used
	Queued     int64  // bytes that other jobs will still write; see Queued
}

// Rooms measures disks, together with what other jobs will still write to them.
type Rooms struct {
	// Free measures the bytes that are free on the disk of a path.
	Free func(path string) (int64, error)
	// Unfinished answers the jobs with files that wait or run.
	Unfinished func(ctx context.Context) ([]task.Job, error)
}

// Of measures the disk of a path. So many bytes of it are not to be used, and
// the jobs that counts answers true for are queued: stored ones, and those
// beside them that are about to be.
func (r Rooms) Of(ctx context.Context, path string, reserve int64, beside []task.Job, counts func(*task.Job) bool) (Disk, error) {
	free, err := r.Free(path)
	if err != nil {
		return Disk{}, fault.New(fault.NoRead, "path", path).Because(err)
	}
	stored, err := r.Unfinished(ctx)
	if err != nil {
		return Disk{}, err
	}
	d := Disk{
		Path: path, Cluster: drive.Cluster(path), Free: max(free-max(reserve, 0), 0),
		Queued: Queued(stored, counts) + Queued(beside, counts),
	}
	d.FileSystem, _ = drive.FileSystemOf(path) // unknown, it forbids nothing
	return d, nil
}

// Ask says what is looked at.
type Ask struct {
	Chosen *selection.Selection
	Disk   Disk
	// Present tells whether a file is on the disk already.
	Present func(channel.LocalFile) bool
	// Supplied tells whether the source has a file; nil when nobody knows.
	Supplied func(channel.Checksum) bool
	// Beside is the room that further files take, such as the database.
	Beside int64
}

// Answer is what a job would do. All sizes are in bytes.
type Answer struct {
	Resources    int
	Files        int
	Bytes        int64 // of all files
	PresentFiles int   // on the disk already
	PresentBytes int64
	MissingFiles int // neither on the disk nor at the source
	MissingBytes int64
	Forbidden    []Forbidden // not for this file system; the first 100
	Copied       int64       // of the files that are to be copied
	Needed       int64       // the room that they take on the disk, whose files have whole clusters
	Disk         Disk
}

// Forbidden is a file that the file system does not take.
type Forbidden struct {
	selection.File

	Limit int64 // bytes that it takes
}

// maxForbidden bounds the files that are named.
const maxForbidden = 100

// Look answers what a job would do.
func Look(ask Ask) Answer {
	a := Answer{Resources: ask.Chosen.Resources, Files: len(ask.Chosen.Files), Bytes: ask.Chosen.Bytes, Needed: ask.Beside, Disk: ask.Disk}
	limit := drive.MaxFile(ask.Disk.FileSystem)
	for _, f := range ask.Chosen.Files {
		size := max(f.Size, 0)
		switch {
		case ask.Present(f.LocalFile):
			a.PresentFiles++
			a.PresentBytes += size
		case ask.Supplied != nil && !ask.Supplied(f.Checksum):
			a.MissingFiles++
			a.MissingBytes += size
		case size > limit:
			if len(a.Forbidden) < maxForbidden {
				a.Forbidden = append(a.Forbidden, Forbidden{f, limit})
			}
		default:
			a.Copied += size
			a.Needed += room(size, ask.Disk.Cluster)
		}
	}
	return a
}

// room answers what a file of the size takes on a disk.
func room(size, cluster int64) int64 {
	if cluster <= 0 {
		cluster = 4096
	}
	return (size + cluster - 1) / cluster * cluster
}

// Fits reports whether there is room beside what other jobs will write.
func (a Answer) Fits() bool { return a.Lacking() == 0 }

// Lacking answers the bytes that are too few for it to fit.
func (a Answer) Lacking() int64 { return max(a.Needed+a.Disk.Queued-a.Disk.Free, 0) }

// Err answers why nothing should be begun: FileTooLarge for what the file
// system forbids, DiskFull for what does not fit; nil when all is well. That
// the source lacks files is no reason.
func (a Answer) Err() error {
	if err := a.Allowed(); err != nil {
		return err
	}
	if !a.Fits() {
		return fault.New(fault.DiskFull, "needed", a.Needed, "free", max(a.Disk.Free-a.Disk.Queued, 0), "path", a.Disk.Path)
	}
	return nil
}

// Allowed answers FileTooLarge for what the file system forbids, whatever room
// there is.
func (a Answer) Allowed() error {
	for _, f := range a.Forbidden {
		return fault.New(fault.FileTooLarge, "title", f.Title, "file", f.Name(), "size", f.Size, "limit", f.Limit, "path", a.Disk.Path)
	}
	return nil
}

// Queued answers the bytes that those of the jobs which counts answers true for
// will still write: each as it said when it was made, or what it has still to
// do. A job that comes again and again counts only while it runs.
func Queued(jobs []task.Job, counts func(job *task.Job) bool) int64 {
	var sum int64
	for i := range jobs {
		j := &jobs[i]
		if j.State.Resting() || !counts(j) || j.State == task.Scheduled && j.Schedule.Repeats() {
			continue
		}
		var said struct {
			Needed float64 `json:"needed_bytes"`
		}
		if json.Unmarshal(j.Metadata, &said) != nil {
			continue
		}
		left := int64(said.Needed)
		if j.Total > 0 {
			left = min(left, j.Total-j.Progress)
		}
		sum += max(left, 0)
	}
	return sum
}

// Imports reports whether the job brings files onto this laptop.
func Imports(job *task.Job) bool {
	return job.Task == "content.diskimport" || job.Task == "content.remoteimport" || job.Task == "content.update"
}
