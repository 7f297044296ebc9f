package transfer_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
)

func TestRun(t *testing.T) {
	t.Parallel()

	t.Run("every file arrives whole and is remembered", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(0, 1, 4096, 300_000, 1_000_000)
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 5, BytesCopied: 1_304_097})
		same(t, "files here", names(b.here(t, items)), names(items))
		same(t, "result of the next run", b.mustRun(t, items), transfer.Result{FilesPresent: 5})
		same(t, "openings", b.stick.opened.Load(), int64(5))
	})

	t.Run("nothing to do is done", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		same(t, "result", b.mustRun(t, nil), transfer.Result{})
	})

	t.Run("a right file that nobody remembers is read, remembered and not copied", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(500_000)
		b.put(t, items[0], content(0, 500_000))
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesPresent: 1})
		same(t, "remembered", b.index.has(items[0]), true)
		same(t, "openings", b.stick.opened.Load(), int64(0))
	})

	t.Run("a file of the right size with one wrong bit is replaced", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(500_000)
		b.mustRun(t, items)
		data := content(0, 500_000)
		data[400_000] ^= 1
		b.put(t, items[0], data)
		b.index.records = nil
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 1, BytesCopied: 500_000})
		same(t, "files here", len(b.here(t, items)), 1)
	})

	t.Run("a size that the channel does not declare is taken from the source", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		item := b.stick.item(1, 300_000)
		data := b.stick.files[item.LocalFile]
		item.Size = -1
		b.stick.files[item.LocalFile] = data
		same(t, "result", b.mustRun(t, []transfer.Item{item}), transfer.Result{FilesCopied: 1, BytesCopied: 300_000})
	})

	t.Run("a link in the file's place is replaced and what it points at stays", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(100)
		precious := filepath.Join(t.TempDir(), "precious")
		must(t, os.WriteFile(precious, content(0, 100), 0o600))
		must(t, os.MkdirAll(filepath.Dir(items[0].In(b.content)), 0o700))
		must(t, os.Symlink(precious, items[0].In(b.content)))
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 1, BytesCopied: 100})
		info, err := os.Lstat(items[0].In(b.content))
		must(t, err)
		same(t, "a regular file", info.Mode().IsRegular(), true)
		left, err := os.ReadFile(precious)
		must(t, err)
		same(t, "what the link pointed at is whole", bytes.Equal(left, content(0, 100)), true)
	})

	t.Run("a folder in the file's place is a problem and stays", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(100, 200)
		must(t, os.MkdirAll(filepath.Join(items[0].In(b.content), "something"), 0o700))
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 1, FilesFailed: 1, BytesCopied: 200})
		same(t, "problems", b.codes(), map[fault.Code]int{fault.NoWrite: 1})
		if _, err := os.Stat(filepath.Join(items[0].In(b.content), "something")); err != nil {
			t.Errorf("the folder was touched: %v", err)
		}
	})

	t.Run("in a folder of many files, what lies there by now is looked at, and the rest is copied", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		const count, size = 40, 100
		items := b.stick.inOneFolder(count, size)
		right, wrong, folder := items[0], items[1], items[2]
		b.planned = func() {
			b.put(t, right, b.stick.files[right.LocalFile])
			b.put(t, wrong, make([]byte, size))
			must(t, os.Mkdir(folder.In(b.content), 0o700))
		}
		same(t, "result", b.mustRun(t, items), transfer.Result{
			FilesCopied: count - 2, BytesCopied: (count - 2) * size, FilesPresent: 1, FilesFailed: 1,
		})
		same(t, "problems", b.codes(), map[fault.Code]int{fault.NoWrite: 1})
		same(t, "openings", b.stick.opened.Load(), int64(count-2))
	})

	t.Run("a leftover of a killed run is overwritten", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(100)
		b.put(t, items[0], nil)
		path := items[0].In(b.content)
		must(t, os.Rename(path, atomicfile.TempName(path)))
		must(t, os.WriteFile(atomicfile.TempName(path), make([]byte, 1000), 0o400))
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 1, BytesCopied: 100})
	})

	// The last file is held back until the first group is real.
	untilAGroupIsReal := func(t *testing.T, b *bench, count int64) {
		t.Helper()
		b.cfg.Workers = 1
		b.cfg.Group.Every = time.Hour
		isReal := make(chan struct{})
		var once sync.Once
		b.cfg.OnGroup = func(int, int64) { once.Do(func() { close(isReal) }) }
		var opened atomic.Int64
		b.stick.opening = func(ctx context.Context, _ channel.LocalFile) (source.File, error) {
			if opened.Add(1) == count {
				select {
				case <-isReal:
				case <-ctx.Done():
				case <-time.After(time.Minute):
					t.Error("no group became real")
				}
			}
			return nil, nil
		}
	}

	t.Run("a group becomes real before the run ends", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(100, 100, 100, 100)
		b.cfg.Group.Files = 2
		untilAGroupIsReal(t, b, 4)
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 4, BytesCopied: 400})
	})

	t.Run("the last groups are small, so that little is left to do after the last file", func(t *testing.T) {
		t.Parallel()
		const count = 1200 // less than a group by its limits
		b := newBench(t)
		untilAGroupIsReal(t, b, count)
		same(t, "result", b.mustRun(t, b.stick.inOrder(count, 100)), transfer.Result{FilesCopied: count, BytesCopied: count * 100})
	})

	t.Run("so are those of large files", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		const size = 10 << 20
		items := b.stick.items(size, size, size)
		untilAGroupIsReal(t, b, 3)
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 3, BytesCopied: 3 * size})
	})
}

func TestRunWithABadFile(t *testing.T) {
	t.Parallel()
	broken := errors.New("unrecovered read error")

	cases := []struct {
		name     string
		opening  func(good []byte) (source.File, error)
		want     fault.Code
		openings int64
	}{
		{
			"a missing file is named and not asked for again",
			func([]byte) (source.File, error) { return nil, fault.New(fault.FileMissing) },
			fault.FileMissing, 1,
		},
		{
			"a link is named and not asked for again",
			func([]byte) (source.File, error) { return nil, fault.New(fault.FileIsLink) },
			fault.FileIsLink, 1,
		},
		{
			"a file of the wrong length is damaged",
			func(good []byte) (source.File, error) {
				return opened(bytes.NewReader(good[1:]), int64(len(good)-1)), nil
			},
			fault.FileDamaged, 2,
		},
		{
			"a file that ends early is damaged",
			func(good []byte) (source.File, error) {
				return opened(bytes.NewReader(good[1:]), int64(len(good))), nil
			},
			fault.FileDamaged, 2,
		},
		{
			"a file that never ends is damaged",
			func(good []byte) (source.File, error) {
				return opened(readFunc(func(p []byte) (int, error) { return len(p), nil }), int64(len(good))), nil
			},
			fault.FileDamaged, 2,
		},
		{
			"a file with a wrong bit is damaged",
			func(good []byte) (source.File, error) {
				bad := bytes.Clone(good)
				bad[len(bad)/2] ^= 1
				return opened(bytes.NewReader(bad), int64(len(bad))), nil
			},
			fault.FileDamaged, 2,
		},
		{
			"a file that cannot be opened is unreadable",
			func([]byte) (source.File, error) { return nil, broken },
			fault.FileUnreadable, 2,
		},
		{
			"a file that breaks off is unreadable",
			func(good []byte) (source.File, error) {
				return opened(io.MultiReader(bytes.NewReader(good[:1000]), iotest.ErrReader(broken)), int64(len(good))), nil
			},
			fault.FileUnreadable, 2,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			items := b.stick.items(300_000, 400_000, 500_000)
			bad := items[1]
			var openings atomic.Int64
			b.stick.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
				if file != bad.LocalFile {
					return nil, nil
				}
				openings.Add(1)
				return c.opening(b.stick.files[file])
			}
			same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 2, FilesFailed: 1, BytesCopied: 800_000})
			same(t, "openings of the bad file", openings.Load(), c.openings)
			same(t, "problems", b.codes(), map[fault.Code]int{c.want: 1})
			p := b.problems[0]
			same(t, "title and file", []string{p.Title, p.File}, []string{bad.Title, bad.Name()})
			same(t, "fault", fault.Of(p.Err).Params, fault.Params{"title": bad.Title, "file": bad.Name()})
			same(t, "remembered", b.index.has(bad), false)

			b.stick.opening = nil
			same(t, "result with a good source", b.mustRun(t, items), transfer.Result{FilesCopied: 1, FilesPresent: 2, BytesCopied: 400_000})
		})
	}

	t.Run("what is misread once arrives by the second reading", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(300_000)
		b.stick.opening = func(context.Context, channel.LocalFile) (source.File, error) {
			if b.stick.opened.Load() == 1 {
				return opened(bytes.NewReader(make([]byte, 300_000)), 300_000), nil
			}
			return nil, nil
		}
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 1, BytesCopied: 300_000})
	})

	t.Run("a wrong file in place whose source is bad, too, is forgotten", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(1000)
		b.mustRun(t, items)
		must(t, os.Remove(items[0].In(b.content)))
		clear(b.stick.files)
		plan := b.plan(t, items)
		_, err := transfer.Run(t.Context(), transfer.Config{Source: b.stick, Content: b.content, Index: b.index}, plan)
		must(t, err)
		same(t, "remembered", b.index.has(items[0]), false)
	})
}

func TestTheLargestFilesComeFirstAndTheOthersFolderByFolder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.cfg.Workers = 1
	small := b.stick.inOrder(6, 300)
	big, bigger := b.stick.item(7, 1<<20), b.stick.item(8, 2<<20)
	want := []string{bigger.Name(), big.Name()}
	for _, item := range small {
		want = append(want, item.Name())
	}
	var got []string
	b.stick.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
		got = append(got, file.Name())
		return nil, nil
	}
	b.mustRun(t, append(slices.Clone(small[3:]), big, small[1], bigger, small[0], small[2]))
	same(t, "order", got, want)
}
