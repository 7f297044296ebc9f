package transfer_test

import (
	"context"
	"os"
	"testing"
	"time"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
)

func TestCopiesThatAreReadBack(t *testing.T) {
	t.Parallel()

	// drive answers a table with a drive on which the function changes the
	// first of two files after it was written and before it has its name.
	drive := func(t *testing.T, change func(path string)) (*bench, []transfer.Item) {
		t.Helper()
		b := newBench(t)
		items := b.stick.items(300_000, 40_000)
		b.stick.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
			if file == items[1].LocalFile {
				change(atomicfile.TempName(items[0].In(b.content)))
			}
			return nil, nil
		}
		b.cfg = transfer.Config{Workers: 1, Group: transfer.Group{Every: time.Hour}, ReadBack: true}
		return b, items
	}

	t.Run("and are as they were written become real, and the progress is that of the bytes", func(t *testing.T) {
		t.Parallel()
		b, items := drive(t, func(string) {})
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 2, BytesCopied: 340_000})
		same(t, "files", names(b.here(t, items)), names(items))
	})

	t.Run("and give other bytes do not become real, and are a problem by name", func(t *testing.T) {
		t.Parallel()
		b, items := drive(t, func(path string) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Error(err)
				return
			}
			data[len(data)/2] ^= 1
			must(t, os.WriteFile(path, data, 0o600))
		})
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 1, BytesCopied: 40_000, FilesFailed: 1})
		same(t, "problems", b.codes(), map[fault.Code]int{fault.WriteDamaged: 1})
		same(t, "files", names(b.here(t, items)), names(items[1:]))
		if b.index.has(items[0]) {
			t.Error("the damaged file is remembered")
		}
		b.stick.opening = nil
		same(t, "result of another run", b.mustRun(t, items), transfer.Result{FilesCopied: 1, BytesCopied: 300_000, FilesPresent: 1})
	})

	t.Run("and are not read before the run is stopped get their names, and are read the next time", func(t *testing.T) {
		t.Parallel()
		ctx, stop := context.WithCancel(t.Context())
		b, items := drive(t, func(string) { stop() })
		if _, err := b.run(t, ctx, items); err == nil {
			t.Error("a stopped run answers no error")
		}
		same(t, "files", names(b.here(t, items)), names(items[:1]))
		if b.index.has(items[0]) {
			t.Error("a file that nobody read is remembered as verified")
		}
		b.stick.opening = nil
		same(t, "result of another run", b.mustRun(t, items), transfer.Result{FilesCopied: 1, BytesCopied: 40_000, FilesPresent: 1})
	})
}

func TestAContentFolderThatGoesAwayIsNotMadeAnew(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	items := b.stick.items(300_000, 40_000)
	b.stick.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
		if file == items[1].LocalFile {
			must(t, os.Rename(b.content, b.content+" aside"))
		}
		return nil, nil
	}
	b.cfg = transfer.Config{Workers: 1, Group: transfer.Group{Every: time.Hour}}
	if _, err := b.run(t, t.Context(), items); err == nil {
		t.Error("no error")
	}
	if left := filesIn(t, b.content); len(left) > 0 {
		t.Errorf("where the drive was, there is %v", left)
	}
}
