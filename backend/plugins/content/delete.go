package content

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/store"
	"nectar/backend/task"
)

// DeleteResult is what a deletion did.
type DeleteResult struct {
	FilesRemoved int   `json:"files_removed"`
	BytesFreed   int64 `json:"bytes_freed"`
	FilesShared  int   `json:"files_shared"` // stay, because other resources need them
}

// deleteStep is how many files are forgotten before they are removed: as many,
// at most, lie there uncounted after a power cut. They are counted as here again by
// a check, and are removed when the job goes on or the channel is deleted once more,
// for what is removed is what lies there, remembered or not. Fewer would take a sync
// of the storage each; the other order would show what is not here.
const deleteStep = 100

// deleter is one attempt of a deletion.
//
// A file is forgotten before it is removed, so that none counts as here that is
// not. The database of a whole channel goes last: as long as it is there, an
// interrupted deletion knows what is left to do.
type deleter struct {
	Deps

	run  *task.Run
	args DeleteArgs
	id   channel.ID

	meant   meant
	earlier meant // what attempts before this one removed
	left    int64 // bytes to remove
	removed int   // by this attempt
	freed   int64
	stuck   bool
	folders map[string]bool // to be synced
}

// meant is what the first attempt set out to remove. What is left of it tells
// a later one how much was done, whatever ended the earlier ones: that is what lay
// there and does not any more, to the file. So what lay there and was to stay for
// the sake of others counts as well, for it may be more by then.
type meant struct {
	Files       int   `json:"files"`
	Bytes       int64 `json:"bytes"`
	Shared      int   `json:"shared,omitzero"`
	SharedBytes int64 `json:"shared_bytes,omitzero"`

	// Done is what is answered once the database is gone too, which knew all this.
	Done *DeleteResult `json:"done,omitzero"`
}

// lying answers the files that lie there of what is to be deleted, and their bytes.
func lying(r library.Removal) meant {
	return meant{Files: len(r.Files), Bytes: r.Bytes, Shared: r.SharedFiles, SharedBytes: r.SharedBytes}
}

func (d *deleter) delete(ctx context.Context) (DeleteResult, error) {
	resumed, err := d.run.LoadCheckpoint(&d.meant)
	if err != nil {
		return DeleteResult{}, err
	}
	for first := true; ; first = false {
		removal, err := d.plan(ctx)
		if resumed && fault.CodeOf(err) == fault.ChannelNotHere {
			return *cmp.Or(d.meant.Done, &DeleteResult{FilesRemoved: d.meant.Files, BytesFreed: d.meant.Bytes}), nil // only the last word was missing
		}
		if err != nil {
			return DeleteResult{}, err
		}
		if first {
			if err := d.begin(resumed, removal); err != nil {
				return DeleteResult{}, err
			}
		}
		d.tell()
		again, err := d.carryOut(ctx, removal)
		if again {
			continue // another channel came meanwhile, and may need some of the files
		}
		return d.result(removal), err
	}
}

func (d *deleter) result(removal library.Removal) DeleteResult {
	return DeleteResult{
		FilesRemoved: d.earlier.Files + d.removed, BytesFreed: d.earlier.Bytes + d.freed, FilesShared: removal.SharedFiles,
	}
}

// begin remembers what is to be removed, or finds out how much of it earlier
// attempts have done.
func (d *deleter) begin(resumed bool, removal library.Removal) error {
	if resumed {
		before, now := d.meant, lying(removal)
		d.earlier = meant{
			Files: max(before.Files+before.Shared-now.Files-now.Shared, 0),
			Bytes: max(before.Bytes+before.SharedBytes-now.Bytes-now.SharedBytes, 0),
		}
		return nil
	}
	d.meant = lying(removal)
	return d.run.Checkpoint(d.meant)
}

func (d *deleter) plan(ctx context.Context) (library.Removal, error) {
	chosen, _ := nodes("node_ids", d.args.NodeIDs) // checked when the job was created
	removal, err := d.Library.PlanRemoval(ctx, library.RemovalRequest{Channel: d.id, Nodes: chosen, Copies: d.args.ForceDelete})
	if err != nil {
		return removal, err
	}
	d.run.SetMetadata("total_resources", removal.Resources)
	d.run.SetMetadata("file_size", removal.Bytes)
	d.left = removal.Bytes
	return removal, nil
}

// tell reports the bytes that are gone, of all that were to go.
func (d *deleter) tell() {
	total := max(d.meant.Bytes, d.earlier.Bytes+d.freed+d.left)
	d.run.SetProgress(total-d.left, total)
}

// carryOut removes the files, then the database if the whole channel goes. It
// asks to be called again, with another plan, when channels came or went.
// However it ends, the library is told.
func (d *deleter) carryOut(ctx context.Context, removal library.Removal) (again bool, err error) {
	d.folders = map[string]bool{}
	again, err = d.removeFiles(ctx, removal)
	if failed := d.syncFolders(); err == nil {
		err = failed
	}
	if again && err == nil {
		return true, nil
	}
	gone := err == nil && removal.Whole && !d.stuck
	if gone {
		done := d.result(removal)
		d.meant.Done = &done
		err = d.run.Checkpoint(d.meant)
		gone = err == nil
	}
	if gone {
		err = d.Library.Remove(context.WithoutCancel(ctx), d.id)
	}
	for _, id := range removal.Channels {
		if gone && id == d.id {
			continue
		}
		// One that cannot be read, or is gone, has nothing to be refreshed.
		_, _ = d.Library.Refresh(context.WithoutCancel(ctx), id)
	}
	return false, err
}

func (d *deleter) removeFiles(ctx context.Context, removal library.Removal) (again bool, err error) {
	if len(removal.Gone) > 0 {
		if err := d.Library.Files().DropFiles(ctx, removal.Gone, removal.Channels); err != nil {
			return false, err
		}
	}
	for step := range slices.Chunk(removal.Files, deleteStep) {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if again, err := d.removeStep(ctx, step, removal); again || err != nil {
			return again, err
		}
	}
	return false, nil
}

// removeStep forgets the files and then removes them. Those that it does not
// come to are remembered again.
func (d *deleter) removeStep(ctx context.Context, step []library.Removable, removal library.Removal) (again bool, err error) {
	checksums := make([]channel.Checksum, len(step))
	for i, f := range step {
		checksums[i] = f.Checksum
	}
	records, err := d.Library.Files().VerifiedFiles(ctx, checksums)
	if err != nil {
		return false, err
	}
	defer d.leaving.end(checksums)
	err = d.leaving.forget(checksums, func() error { return d.Library.Files().DropFiles(ctx, checksums, removal.Channels) })
	if err != nil {
		return false, err
	}
	// Whoever brings a channel from now on finds that the files have to be
	// verified, for which it needs the claim that is held while one is removed.
	stamp, err := d.Library.Stamp()
	if err != nil || stamp != removal.Stamp {
		return err == nil, errors.Join(err, d.remember(ctx, step, records))
	}
	for i, f := range step {
		kept, err := d.removeFile(ctx, f)
		if err != nil {
			return false, errors.Join(err, d.remember(ctx, step[i:], records))
		}
		if kept {
			if err := d.remember(ctx, step[i:i+1], records); err != nil {
				return false, err
			}
		}
	}
	return false, nil
}

// removeFile removes one file. It reports true when the system does not let it
// go.
func (d *deleter) removeFile(ctx context.Context, f library.Removable) (stuck bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	path := f.In(d.Library.Content())
	release, err := d.Claims.Hold(ctx, path)
	if err != nil {
		return false, err
	}
	defer release()
	wanted, err := d.Library.Files().VerifiedFiles(ctx, []channel.Checksum{f.Checksum})
	if err != nil || len(wanted) > 0 {
		return false, err // an import has just made it its own
	}
	// A check that was reading it when it was forgotten may have found it damaged.
	if err := d.Library.Files().ForgetLost(ctx, f.Checksum); err != nil {
		return false, err
	}
	err = os.Remove(path)
	d.left -= f.Bytes
	switch {
	case err == nil:
		d.removed++
		d.freed += f.Bytes
		d.folders[filepath.Dir(path)] = true
	case !errors.Is(err, fs.ErrNotExist):
		d.stuck = true
		d.run.Warn("%v", err)
		d.run.Problem(task.Problem{Code: fault.FileStuck, Params: fault.Params{"title": f.Title, "file": f.Name()}, Item: f.Name()})
		stuck = true
	}
	d.tell()
	return stuck, nil
}

// remember takes back that the files were forgotten: they are as they were.
func (d *deleter) remember(ctx context.Context, files []library.Removable, records map[channel.Checksum]store.VerifiedFile) error {
	var known []store.VerifiedFile
	for _, f := range files {
		if record, any := records[f.Checksum]; any {
			known = append(known, record)
		}
	}
	return d.Library.Files().RememberFiles(context.WithoutCancel(ctx), known)
}

func (d *deleter) syncFolders() error {
	var errs []error
	for folder := range d.folders {
		errs = append(errs, atomicfile.SyncDir(folder))
	}
	return errors.Join(errs...)
}
