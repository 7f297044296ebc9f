package transfer_test

import (
	"context"
	"os"
	"slices"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/transfer"
)

// choosy is an index that does not want some files any more.
type choosy struct {
	*memory

	unwanted []channel.Checksum
}

func (c choosy) MarkWanted(ctx context.Context, files []transfer.Record) (unwanted []channel.Checksum, err error) {
	wanted := slices.DeleteFunc(slices.Clone(files), func(r transfer.Record) bool {
		no := slices.Contains(c.unwanted, r.Checksum)
		if no {
			unwanted = append(unwanted, r.Checksum)
		}
		return no
	})
	return unwanted, c.MarkVerified(ctx, wanted)
}

func TestWhatIsNotWantedAnyMoreIsRemovedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	items := append(b.stick.inOneFolder(40, 500), b.stick.inFolder(1, 2, 300_000)...) // 40 get their folder at once
	lies := b.stick.inFolder(2, 1, 7000)[0]
	b.put(t, lies, b.stick.files[lies.LocalFile])
	index := choosy{b.index, []channel.Checksum{items[3].Checksum, items[41].Checksum, lies.Checksum}}
	plan := b.plan(t, append(slices.Clone(items), lies))
	result, err := transfer.Run(t.Context(), transfer.Config{Source: b.stick, Content: b.content, Index: index}, plan)
	must(t, err)
	same(t, "result", result, transfer.Result{FilesCopied: 40, FilesPresent: 1, BytesCopied: 39*500 + 300_000})
	for i, item := range items {
		want := i != 3 && i != 41
		if _, err := os.Lstat(item.In(b.content)); (err == nil) != want || b.index.has(item) != want {
			t.Errorf("file %d is remembered: %v; %v", i, b.index.has(item), err)
		}
	}
	if _, err := os.Lstat(lies.In(b.content)); err != nil {
		t.Errorf("what lay there before: %v", err)
	}
	b.checkMemory(t)
	if temps := b.temps(t); len(temps) > 0 {
		t.Errorf("temporary files were left: %v", temps)
	}
}
