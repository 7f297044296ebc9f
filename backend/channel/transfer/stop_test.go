package transfer_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
)

func TestRunThatEndsEarly(t *testing.T) {
	t.Parallel()

	t.Run("a cancelled run keeps what is whole and goes on next time", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.inOrder(4, 300)
		b.cfg.Workers = 1
		ctx, cancel := context.WithCancel(t.Context())
		b.stick.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
			if file != items[3].LocalFile {
				return nil, nil
			}
			endless := readFunc(func(p []byte) (int, error) {
				cancel()
				return min(1, len(p)), nil
			})
			return opened(endless, file.Size), nil
		}
		result, err := b.run(t, ctx, items)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the cancellation", err)
		}
		same(t, "result", result, transfer.Result{FilesCopied: 3, BytesCopied: 900})
		same(t, "files here", names(b.here(t, items)), names(items[:3]))

		b.stick.opening = nil
		same(t, "result of the next run", b.mustRun(t, items), transfer.Result{FilesCopied: 1, FilesPresent: 3, BytesCopied: 300})
	})

	t.Run("a drive that is pulled out ends the run, whatever the file's error was", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.inOrder(5, 300)
		b.cfg.Workers = 1
		b.stick.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
			if file == items[3].LocalFile {
				b.stick.gone.Store(true)
				return nil, fault.New(fault.FileMissing)
			}
			return nil, nil
		}
		result, err := b.run(t, t.Context(), items)
		same(t, "fault", fault.CodeOf(err), fault.SourceGone)
		same(t, "result", result, transfer.Result{FilesCopied: 3, BytesCopied: 900})

		b.stick.gone.Store(false)
		b.stick.opening = nil
		same(t, "result of the next run", b.mustRun(t, items), transfer.Result{FilesCopied: 2, FilesPresent: 3, BytesCopied: 600})
	})

	t.Run("too little room is said before anything is copied", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.cfg.Reserve = 1000
		b.cfg.Free = func(string) (int64, error) { return 9000, nil }
		_, err := b.run(t, t.Context(), b.stick.items(5000, 10))
		same(t, "fault", fault.CodeOf(err), fault.DiskFull)
		same(t, "values", fault.Of(err).Params, fault.Params{"needed": int64(12288), "free": int64(8000), "path": b.content})
		same(t, "openings", b.stick.opened.Load(), int64(0))
	})

	t.Run("room that others take meanwhile is noticed after a group", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		free := int64(1 << 20)
		b.cfg.Reserve = -1
		b.cfg.Workers = 1
		b.cfg.Group = transfer.Group{Files: 1}
		b.cfg.Free = func(string) (int64, error) { return free, nil }
		taken := make(chan struct{})
		b.cfg.OnGroup = func(copied int, _ int64) {
			if copied == 1 {
				free = 0
				close(taken)
			}
		}
		items := b.stick.inOrder(3, 900)
		b.stick.opening = func(ctx context.Context, file channel.LocalFile) (source.File, error) {
			if file != items[0].LocalFile {
				<-taken
				<-ctx.Done()
			}
			return nil, nil
		}
		result, err := b.run(t, t.Context(), items)
		same(t, "fault", fault.CodeOf(err), fault.DiskFull)
		same(t, "files copied", result.FilesCopied, 1)
	})

	t.Run("an index that fails ends the run, and the files wait to be checked", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		broken := errors.New("database is gone")
		b.index.mark = func([]transfer.Record) error { return broken }
		items := b.stick.items(100, 200)
		result, err := b.run(t, t.Context(), items)
		if !errors.Is(err, broken) {
			t.Errorf("got %v, want the index's error", err)
		}
		same(t, "result", result, transfer.Result{})
		b.index.mark = nil
		same(t, "result of the next run", b.mustRun(t, items), transfer.Result{FilesPresent: 2})
	})

	t.Run("a content folder that cannot be made is a place that cannot be written", func(t *testing.T) {
		t.Parallel()
		if os.Getuid() == 0 {
			t.Skip("root may write anywhere; see the protected disk")
		}
		b := newBench(t)
		parent := t.TempDir()
		must(t, os.Chmod(parent, 0o500))
		b.content = filepath.Join(parent, "content")
		_, err := b.run(t, t.Context(), b.stick.items(10))
		same(t, "fault", fault.CodeOf(err), fault.NoWrite)
	})
}

func TestCancelBetweenBuffers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	item := b.stick.item(1, 10<<20)
	ctx, cancel := context.WithCancel(t.Context())
	buffers := 0
	data := bytes.NewReader(b.stick.files[item.LocalFile])
	b.stick.opening = func(context.Context, channel.LocalFile) (source.File, error) {
		return opened(readFunc(func(p []byte) (int, error) {
			buffers++
			cancel()
			return data.Read(p)
		}), item.Size), nil
	}
	if _, err := b.run(t, ctx, []transfer.Item{item}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the cancellation", err)
	}
	if buffers != 1 {
		t.Errorf("read %d buffers after the cancellation, want none", buffers-1)
	}
}
