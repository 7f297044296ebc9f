package transfer_test

import (
	"bytes"
	"context"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
)

// ranged is a stick whose files are read from any byte on.
type ranged struct {
	stick

	sent   atomic.Int64 // bytes that were asked for
	asked  atomic.Int64 // files
	asking func(n int64, file channel.LocalFile) source.Part
}

type part struct {
	source.File

	start int64
}

func (p part) Start() int64 { return p.start }

func (part) Tag() string { return "" }

func (r *ranged) OpenDatabaseFrom(context.Context, channel.ID, int64, string) (source.Part, error) {
	return nil, nil
}

func (r *ranged) OpenFileFrom(_ context.Context, file channel.LocalFile, from int64) (source.Part, error) {
	n := r.asked.Add(1)
	if r.asking != nil {
		if p := r.asking(n, file); p != nil {
			return p, nil
		}
	}
	data := r.find(file)
	if from >= int64(len(data)) {
		from = 0 // there is no such part
	}
	r.sent.Add(int64(len(data)) - from)
	return part{opened(bytes.NewReader(data[from:]), int64(len(data))), from}, nil
}

// find answers the bytes of a file, whatever size is declared.
func (r *ranged) find(file channel.LocalFile) []byte {
	for f, data := range r.files {
		if f.Checksum == file.Checksum {
			return data
		}
	}
	return nil
}

const broughtBeforeKill = 5

// rangedItems are the files that the killed process and the test agree on, in the order
// in which they are copied.
func rangedItems(r *ranged) []transfer.Item {
	return append(r.items(1_200_000), r.inOrder(broughtBeforeKill, 30_000)...)
}

// bringUntilKilled brings all files but one from a source that can go on, none of which
// is real yet when it waits for its end.
func bringUntilKilled(content string) {
	from := &ranged{}
	items := rangedItems(from)
	from.asking = func(n int64, _ channel.LocalFile) source.Part {
		if n <= broughtBeforeKill {
			return nil
		}
		_, _ = os.Stdout.WriteString("now\n")
		select {}
	}
	plan, err := transfer.MakePlan(context.Background(), content, items, &memory{}, nil)
	if err != nil {
		panic(err)
	}
	_, err = transfer.Run(context.Background(), transfer.Config{
		Source: from, Content: content, Index: &memory{}, Workers: 1, Group: transfer.Group{Every: time.Hour},
	}, plan.WithPartials())
	panic(err)
}

// What came whole from a server and was not real when the program was killed does not
// come again. It is read, and flushed with its group, like anything that comes.
func TestWhatAKilledProcessBroughtWholeDoesNotComeAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil func(*testing.T, *bench, []transfer.Item)
		again func(items []transfer.Item) int64 // bytes that come besides the last file
	}{
		"": {},
		"whatever its declared length": {spoil: func(_ *testing.T, _ *bench, items []transfer.Item) {
			for i := range items {
				items[i].Size = -1
			}
		}},
		"but what was spoiled meanwhile": {
			spoil: func(t *testing.T, b *bench, items []transfer.Item) {
				t.Helper()
				must(t, os.WriteFile(items[0].In(b.content)+".partial", make([]byte, items[0].Size), 0o600))
			},
			again: func(items []transfer.Item) int64 { return items[0].Size },
		},
		"but for the end that is missing": {
			spoil: func(t *testing.T, b *bench, items []transfer.Item) {
				t.Helper()
				must(t, os.Truncate(items[0].In(b.content)+".partial", items[0].Size-1000))
			},
			again: func([]transfer.Item) int64 { return 1000 },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, from := newBench(t), &ranged{}
			killWhenItSays(t, b, crashRangedEnv)
			items := rangedItems(from)
			for _, item := range items {
				if _, err := os.Lstat(item.In(b.content)); err == nil {
					t.Fatalf("%s is real before it was flushed", item.Name())
				}
			}
			_, err := transfer.Sweep(t.Context(), b.content, nil) // as every start does
			must(t, err)
			want := items[len(items)-1].Size
			if c.again != nil {
				want += c.again(items)
			}
			if c.spoil != nil {
				c.spoil(t, b, items)
			}
			plan := b.plan(t, items).WithPartials()
			result, err := transfer.Run(t.Context(), transfer.Config{Source: from, Content: b.content, Index: b.index, Workers: 1}, plan)
			must(t, err)
			same(t, "files failed", result.FilesFailed, 0)
			same(t, "files here", names(b.here(t, items)), names(items))
			same(t, "bytes that came again", from.sent.Load(), want)
			same(t, "files in the folder", len(filesIn(t, b.content)), len(items))
			b.checkMemory(t)
		})
	}
}

// A run that is cancelled removes nothing of what another one is bringing.
func TestDiscardLeavesWhatAnotherRunBrings(t *testing.T) {
	t.Parallel()
	b, from := newBench(t), &ranged{}
	items := from.items(100_000, 50_000)
	claims := &transfer.Claims{}
	plan := b.plan(t, items)
	from.asking = func(int64, channel.LocalFile) source.Part {
		plan.Discard(claims) // of the other run, when the one before is not real yet
		return nil
	}
	result, err := transfer.Run(t.Context(), transfer.Config{
		Source: from, Content: b.content, Index: b.index, Claims: claims, Workers: 1, Group: transfer.Group{Every: time.Hour},
	}, plan)
	must(t, err)
	same(t, "files copied", result.FilesCopied, len(items))
	same(t, "files here", names(b.here(t, items)), names(items))
}
