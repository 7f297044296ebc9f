package content

import (
	"sync"
	"sync/atomic"

	"github.com/samber/lo"

	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// copying answers the settings of a transfer that tells the job of its
// progress, from so many bytes of so many, and of its problems. It adds the
// bytes that come to moved.
func (d Deps) copying(run *task.Run, done, total int64, moved *atomic.Int64) (transfer.Config, error) {
	kept, err := run.Kept()
	if err != nil {
		return transfer.Config{}, err
	}
	run.SetProgress(done, total)
	incomplete := map[string]bool{}
	for _, p := range kept {
		if title, named := p.Params["title"].(string); named {
			incomplete[title] = true
		}
	}
	if len(incomplete) > 0 {
		run.SetMetadata("incomplete_resources", len(incomplete))
	}
	return transfer.Config{
		Claims:  d.Claims,
		Free:    d.Free,
		OnBytes: inOrder(func(delta int64) { run.SetProgress(done+moved.Add(delta), total) }),
		OnProblem: func(p transfer.Problem) {
			incomplete[p.Title] = true
			run.SetMetadata("incomplete_resources", len(incomplete))
			run.Problem(task.Problem{Code: p.Code, Params: fault.Params{"title": p.Title, "file": p.File}, Item: p.File})
			run.Warn("%v", p.Err)
		},
	}, nil
}

// inOrder lets one worker at a time tell of the bytes that came, also of those of
// another that came meanwhile and does not wait. Else one that counted first might
// tell last, and the progress would go back.
func inOrder(tell func(delta int64)) func(delta int64) {
	var one sync.Mutex
	var untold atomic.Int64
	return func(delta int64) {
		untold.Add(delta)
		for untold.Load() != 0 && one.TryLock() {
			if sum := untold.Swap(0); sum != 0 {
				tell(sum)
			}
			one.Unlock()
		}
	}
}

// onlyFailed answers the files that this attempt is for: all, or those alone
// that were problems of an earlier one.
func onlyFailed[F interface{ Name() string }](run *task.Run, all []F) ([]F, error) {
	problems, alone, err := run.Problems()
	if err != nil || !alone {
		return all, err
	}
	failed := make(map[string]bool, len(problems))
	for _, p := range problems {
		failed[p.Item] = true
	}
	return lo.Filter(all, func(file F, _ int) bool { return failed[file.Name()] }), nil
}
