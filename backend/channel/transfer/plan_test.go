package transfer_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/transfer"
)

func TestMakePlan(t *testing.T) {
	t.Parallel()

	t.Run("what is missing is copied, and room is counted in whole clusters", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		plan := b.plan(t, b.stick.items(1, 4096, 5000))
		same(t, "files", plan.CopyFiles, 3)
		same(t, "bytes", plan.CopyBytes, int64(1+4096+5000))
		same(t, "room", plan.Needed, int64(4096+4096+8192))
	})

	t.Run("a remembered file is here without being read", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(10, 20)
		b.mustRun(t, items)
		// Only reading could tell that the bytes are other ones.
		info, err := os.Stat(items[0].In(b.content))
		must(t, err)
		b.put(t, items[0], content(99, 10))
		must(t, os.Chtimes(items[0].In(b.content), info.ModTime(), info.ModTime()))
		plan := b.plan(t, items)
		same(t, "present files", plan.PresentFiles, 2)
		same(t, "present bytes", plan.PresentBytes, int64(30))
		same(t, "bytes of work", plan.Bytes(), int64(0))
		same(t, "room", plan.Needed, int64(0))
		delete(b.index.records, items[0].Checksum)
	})

	t.Run("a file that nobody remembers, or that was touched since, is to be checked", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(10, 20)
		b.mustRun(t, items[:1])
		must(t, os.Chtimes(items[0].In(b.content), time.Time{}, time.Now().Add(time.Hour)))
		b.put(t, items[1], content(1, 20))
		plan := b.plan(t, items)
		same(t, "files to check", plan.CheckFiles, 2)
		same(t, "bytes to check", plan.CheckBytes, int64(30))
		same(t, "files to copy", plan.CopyFiles, 0)
	})

	t.Run("a file of another length is copied again", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(10)
		b.put(t, items[0], content(0, 9))
		plan := b.plan(t, items)
		same(t, "files to copy", plan.CopyFiles, 1)
		same(t, "files to check", plan.CheckFiles, 0)
	})

	t.Run("a verified file stays although another channel declares another size", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(10)
		b.mustRun(t, items)
		items[0].Size = 11
		same(t, "present files", b.plan(t, items).PresentFiles, 1)
	})

	t.Run("a file that is wanted twice counts once", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(10)
		plan := b.plan(t, append(items, items...))
		same(t, "files to copy", plan.CopyFiles, 1)
		same(t, "bytes to copy", plan.CopyBytes, int64(10))
	})

	t.Run("nothing is made or changed", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.plan(t, b.stick.items(10))
		if _, err := os.Lstat(b.content); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("the content folder was touched (%v)", err)
		}
	})

	t.Run("the progress reaches the number of items, and a cancellation ends it", func(t *testing.T) {
		t.Parallel()
		items := make([]transfer.Item, 2500)
		for i := range items {
			items[i].LocalFile = channel.LocalFile{Checksum: channel.Checksum{byte(i), byte(i >> 8)}, Extension: "mp3"}
		}
		ctx, cancel := context.WithCancel(t.Context())
		var steps []int
		_, err := transfer.MakePlan(ctx, filepath.Join(t.TempDir(), "none"), items, &memory{}, func(n int) { steps = append(steps, n) })
		must(t, err)
		same(t, "steps", steps, []int{1000, 2000, 2500})
		_, err = transfer.MakePlan(ctx, t.TempDir(), items, &memory{}, func(int) { cancel() })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the cancellation", err)
		}
	})
}
