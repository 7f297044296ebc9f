package transfer_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
)

func canUnname(t *testing.T) {
	t.Helper()
	if !atomicfile.CanUnname(t.TempDir()) {
		t.Skip("files cannot be made without a name here")
	}
}

func TestManySmallFilesOfAFolder(t *testing.T) {
	t.Parallel()
	const count, size = 40, 100

	t.Run("have no name until they are whole on the disk", func(t *testing.T) {
		t.Parallel()
		canUnname(t)
		b := newBench(t)
		items := b.stick.inOneFolder(count, size)
		b.cfg.Workers = 1
		b.stick.opening = func(context.Context, channel.LocalFile) (source.File, error) {
			same(t, "temporary files", len(b.temps(t)), 0)
			return nil, nil
		}
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: count, BytesCopied: count * size})
		same(t, "files", names(b.here(t, items)), names(items))
		same(t, "result of another run", b.mustRun(t, items), transfer.Result{FilesPresent: count})
		info, err := os.Stat(items[0].In(b.content))
		must(t, err)
		same(t, "who may read them", info.Mode().Perm()&0o600, os.FileMode(0o600))
	})

	t.Run("take the place of what somebody put there meanwhile", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.inOneFolder(count, size)
		b.cfg.Workers = 1
		opened := 0
		b.stick.opening = func(context.Context, channel.LocalFile) (source.File, error) {
			if opened++; opened == count/2 {
				b.put(t, items[0], []byte("another"))
				b.put(t, items[1], []byte("another"))
				temp := atomicfile.TempName(items[1].In(b.content))
				must(t, os.WriteFile(temp, []byte("a leftover"), 0o400))
			}
			return nil, nil
		}
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: count, BytesCopied: count * size})
		same(t, "files", names(b.here(t, items)), names(items))
	})

	t.Run("that are not what they should be are never written", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.inOneFolder(count, size)
		for n, wrong := range [][]byte{make([]byte, size), make([]byte, size-1), nil} {
			b.stick.files[items[n].LocalFile] = wrong
		}
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: count - 3, BytesCopied: (count - 3) * size, FilesFailed: 3})
		same(t, "problems", b.codes(), map[fault.Code]int{fault.FileDamaged: 3})
		same(t, "files", names(b.here(t, items)), names(items[3:]))
	})

	t.Run("that are cut off by the end of the run leave nothing", func(t *testing.T) {
		t.Parallel()
		ctx, stop := context.WithCancel(t.Context())
		b := newBench(t)
		items := b.stick.inOneFolder(count, size)
		b.stick.opening = func(context.Context, channel.LocalFile) (source.File, error) {
			if b.stick.opened.Load() == count/2 {
				stop()
			}
			return nil, nil
		}
		result, err := b.run(t, ctx, items)
		if err == nil {
			t.Error("a stopped run answers no error")
		}
		same(t, "files here", len(b.here(t, items)), result.FilesCopied)
		same(t, "files in all", len(filesIn(t, filepath.Join(b.content, "storage"))), result.FilesCopied)
	})
}

func TestFilesWithoutANameAreLimited(t *testing.T) {
	t.Parallel()
	canUnname(t)
	create, closeOne := transfer.Unnamed(1)
	first := create(t.TempDir())
	if first == nil || create(t.TempDir()) != nil {
		t.Fatalf("of one at a time the first is %v, and a second was made", first)
	}
	closeOne(first)
	again := create(t.TempDir())
	if again == nil {
		t.Error("none is made although the first was closed")
	}
	closeOne(again)
	if create(filepath.Join(t.TempDir(), "missing")) != nil {
		t.Error("one was made in a folder that is not there")
	}
	if last := create(t.TempDir()); last == nil {
		t.Error("one that could not be made counts as open")
	} else {
		closeOne(last)
	}
}
