package content

import (
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"slices"

	"nectar/backend/channel"
	"nectar/backend/fault"
	"nectar/backend/gentle"
	"nectar/backend/library"
	"nectar/backend/store"
	"nectar/backend/task"
)

// VerifyResult is what a check found, and what it repaired.
type VerifyResult struct {
	FilesChecked  int `json:"files_checked"`
	FilesDamaged  int `json:"files_damaged"`
	FilesMissing  int `json:"files_missing"`
	FilesRepaired int `json:"files_repaired"`
}

// A part of the work that a power cut may cost: it ends at whichever of its
// limits is reached first.
const (
	verifyPartBytes = 128 << 20
	verifyPartFiles = 1000
)

// verifier is one attempt of a check. It goes through the files by their
// checksums. What it finds is stored at once: a bad file is no longer counted
// as here, and a good one that nobody had verified is, from the next part on.
type verifier struct {
	Deps

	run  *task.Run
	args VerifyArgs

	held  []library.Held
	done  checked
	bad   []badFile
	bytes int64 // read so far
	total int64
	buf   []byte

	right     []store.VerifiedFile // found right, to be remembered
	partBytes int64
	partFiles int
}

// checked is how far the attempts have come.
type checked struct {
	After   string `json:"after"` // the last checksum that was seen to
	Files   int    `json:"files"`
	Damaged int    `json:"damaged"`
	Missing int    `json:"missing"`
}

// badFile is a file that is not whole.
type badFile struct {
	library.Held

	code fault.Code
}

func (v *verifier) verify(ctx context.Context) (VerifyResult, error) {
	err := v.begin(ctx)
	if err == nil {
		err = gentle.Do(func() error { return v.check(ctx) })
	}
	if err != nil {
		return v.result(), err
	}
	left, err := v.repair(ctx)
	if err != nil {
		return v.result(), err
	}
	v.run.SetProgress(v.total, v.total) // what needed no repair after all has had no part yet
	for _, f := range left {
		v.report(f)
	}
	result := v.result()
	result.FilesRepaired = v.done.Damaged + v.done.Missing - len(left)
	return result, nil
}

func (v *verifier) result() VerifyResult {
	return VerifyResult{FilesChecked: v.done.Files, FilesDamaged: v.done.Damaged, FilesMissing: v.done.Missing}
}

// begin finds out what there is to check, and where an earlier attempt stopped.
func (v *verifier) begin(ctx context.Context) error {
	var ids []channel.ID
	for _, id := range v.args.ChannelIDs {
		ids = append(ids, channel.ID(id))
	}
	held, unread, err := v.Library.Census(ctx, ids)
	if err != nil {
		return err
	}
	kept, err := v.run.Kept()
	if err != nil {
		return err
	}
	for _, u := range unread {
		if slices.ContainsFunc(kept, func(p task.Problem) bool { return p.Item == string(u.ID) }) {
			continue // it is a problem of this attempt already
		}
		f := fault.Of(u.Err)
		v.run.Problem(task.Problem{Code: f.Code, Params: f.Params, Item: string(u.ID)})
	}
	if v.held, err = onlyFailed(v.run, held); err != nil {
		return err
	}
	if _, err := v.run.LoadCheckpoint(&v.done); err != nil {
		return err
	}
	v.buf = make([]byte, 256<<10)
	for _, f := range v.held {
		v.total += f.Bytes
		if f.Missing && v.args.RepairFrom != "" {
			v.total += max(f.Size, 0)
		}
	}
	v.run.SetMetadata("total_files", len(v.held))
	v.run.SetMetadata("file_size", v.total)
	v.run.SetProgress(0, v.total)
	return nil
}

// check reads the files that no earlier attempt has read.
func (v *verifier) check(ctx context.Context) (err error) {
	var after channel.Checksum
	began := v.done.After != ""
	if began {
		if _, err := hex.Decode(after[:], []byte(v.done.After)); err != nil {
			return err
		}
		if v.bad, err = v.found(ctx, after); err != nil {
			return err
		}
	}
	defer func() {
		if failed := v.endPart(context.WithoutCancel(ctx)); err == nil {
			err = failed
		}
	}()
	for i := range v.held {
		f := &v.held[i]
		if began && bytes.Compare(f.Checksum[:], after[:]) <= 0 {
			v.advance(f.Bytes)
			continue
		}
		if err := v.checkFile(ctx, f); err != nil {
			return err
		}
		v.done.After = f.Checksum.String()
		if v.partBytes >= verifyPartBytes || v.partFiles >= verifyPartFiles {
			if err := v.endPart(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// found answers the files that earlier attempts found bad: they are still lost.
func (v *verifier) found(ctx context.Context, until channel.Checksum) ([]badFile, error) {
	lost, err := v.Library.Files().LostFiles(ctx)
	if err != nil {
		return nil, err
	}
	damaged := make(map[channel.Checksum]bool, len(lost))
	for _, f := range lost {
		damaged[f.Checksum] = f.Damaged
	}
	var bad []badFile
	for _, f := range v.held {
		wrong, isLost := damaged[f.Checksum]
		if !isLost || bytes.Compare(f.Checksum[:], until[:]) > 0 {
			continue
		}
		code := fault.StoredMissing
		if wrong {
			code = fault.StoredDamaged
		}
		bad = append(bad, badFile{f, code})
	}
	return bad, nil
}

// endPart stores what was found right, and how far the check has come.
func (v *verifier) endPart(ctx context.Context) error {
	if v.partFiles == 0 {
		return nil
	}
	if len(v.right) > 0 {
		if err := v.remember(ctx); err != nil {
			return err
		}
		if err := v.Library.Files().ForgetChannels(ctx); err != nil {
			return err
		}
	}
	v.right, v.partBytes, v.partFiles = nil, 0, 0
	return v.run.Checkpoint(v.done)
}

// remember remembers what was found right. What was removed or replaced since then is
// left to whoever did that.
func (v *verifier) remember(ctx context.Context) error {
	return v.leaving.meanwhile(func(leaves func(channel.Checksum) bool) error {
		right := slices.DeleteFunc(v.right, func(f store.VerifiedFile) bool {
			now, err := os.Lstat(f.In(v.Library.Content()))
			return leaves(f.Checksum) || err != nil || !f.IsAsWas(now)
		})
		return v.Library.Files().RememberFiles(ctx, right)
	})
}

// advance reports bytes that were seen to.
func (v *verifier) advance(n int64) {
	v.bytes = min(v.bytes+n, v.total)
	v.run.SetProgress(v.bytes, v.total)
}

// report names a file that is not whole.
func (v *verifier) report(f badFile) {
	v.run.Problem(task.Problem{Code: f.code, Params: fault.Params{"title": f.Title, "file": f.Name()}, Item: f.Name()})
}
