package content

import (
	"cmp"
	"context"
	"slices"
	"sync/atomic"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/server"
	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// repair fetches the bad files from the source, if there is one, and answers
// those that are still bad.
func (v *verifier) repair(ctx context.Context) ([]badFile, error) {
	if len(v.bad) == 0 || v.args.RepairFrom == "" {
		err := v.dropRemoved(ctx)
		return v.bad, err
	}
	v.run.SetMetadata("repairing", len(v.bad))
	from, err := v.source(ctx)
	if err != nil {
		return nil, err
	}
	if err := v.dropRemoved(ctx); err != nil || len(v.bad) == 0 {
		return nil, err
	}
	items := make([]transfer.Item, len(v.bad))
	var reserved int64 // for this in the progress: the damaged ones have had their part
	for i, f := range v.bad {
		items[i] = transfer.Item{LocalFile: f.LocalFile, Title: f.Title}
		if f.Missing {
			reserved += max(f.Size, 0)
		}
	}
	files := restored{index{v.Library.Files()}}
	plan, err := transfer.MakePlan(ctx, v.Library.Content(), items, files, nil)
	if err != nil {
		return nil, err
	}
	var fetched atomic.Int64
	begun, whole := v.bytes, max(plan.Bytes(), 1)
	_, err = transfer.Run(ctx, transfer.Config{
		Source: from, Content: v.Library.Content(), Index: files, Claims: v.Claims, Reserve: v.Reserve, Free: v.Free,
		OnBytes: inOrder(func(delta int64) {
			share := float64(fetched.Add(delta)) / float64(whole)
			v.run.SetProgress(min(begun+int64(share*float64(reserved)), v.total), v.total)
		}),
		OnProblem: func(p transfer.Problem) { v.run.Warn("%v", p.Err) },
	}, plan)
	if failed := v.Library.Files().ForgetChannels(context.WithoutCancel(ctx)); err == nil {
		err = failed
	}
	if err != nil {
		return nil, v.await(err)
	}
	if err := v.dropRemoved(ctx); err != nil {
		return nil, err
	}
	return v.stillBad(ctx)
}

// dropRemoved drops the bad files that nobody misses any more: while the check was
// reading, waiting for the source or fetching, their channel was deleted.
func (v *verifier) dropRemoved(ctx context.Context) error {
	expected, err := v.Library.Expected(ctx)
	if err != nil {
		return err
	}
	v.bad = slices.DeleteFunc(v.bad, func(f badFile) bool {
		if expected(f.LocalFile) {
			return false
		}
		if f.code == fault.StoredDamaged {
			v.done.Damaged--
		} else {
			v.done.Missing--
		}
		return true
	})
	return nil
}

// stillBad answers the bad files that are lost yet.
func (v *verifier) stillBad(ctx context.Context) ([]badFile, error) {
	lost, err := v.Library.Files().LostFiles(ctx)
	if err != nil {
		return nil, err
	}
	isLost := make(map[channel.Checksum]bool, len(lost))
	for _, f := range lost {
		isLost[f.Checksum] = true
	}
	var left []badFile
	for _, f := range v.bad {
		if isLost[f.Checksum] {
			left = append(left, f)
		}
	}
	return left, nil
}

// source opens the place of whole files, or asks to wait for it.
func (v *verifier) source(ctx context.Context) (source.Source, error) {
	if server.IsAddress(v.args.RepairFrom) {
		from, err := v.Reach(ctx, v.args.RepairFrom, v.args.Server.ID)
		return from, v.await(err)
	}
	from, err := v.Find(ctx, v.args.Source, v.args.RepairFrom)
	if isAway(err) && !v.Here(ctx, v.args.Source, v.args.RepairFrom) {
		return nil, v.await(err)
	}
	return from, err
}

// await asks to wait for a source that is away. Any other error stays what it
// is.
func (v *verifier) await(err error) error {
	need, any := v.need()
	if !any || !isAway(err) && (need.Code != task.NeedServer || !slices.Contains(unreached, fault.CodeOf(err))) {
		return err
	}
	v.run.Warn("%v", err)
	return v.run.WaitFor(need)
}

// need answers the thing of the world that a repair needs. It reports whether
// there is one: the sample is always there.
func (v *verifier) need() (task.Need, bool) {
	from := v.args.RepairFrom
	if server.IsAddress(from) {
		name := cmp.Or(v.args.Server.Name, from)
		return task.Need{Code: task.NeedServer, Item: name, Key: task.ServerKey(from, v.args.Server.ID)}, true
	}
	return (ImportArgs{ImportRequest: ImportRequest{Path: from}, Source: v.args.Source}).need()
}
