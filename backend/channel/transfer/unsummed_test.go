package transfer_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"runtime"
	"sync/atomic"
	"testing"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
)

// sumSize is of files whose sums are computed many at once.
const sumSize = 64 << 10

// summing runs the test with sums of many files at once and with one after the other:
// nobody may notice which.
func summing(t *testing.T, test func(t *testing.T, b *bench)) {
	t.Helper()
	for name, atOnce := range map[string]bool{"at once": true, "one after the other": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.cfg.Workers = 1
			b.cfg.SumAtOnce(atOnce)
			test(t, b)
		})
	}
}

func TestManySums(t *testing.T) {
	t.Parallel()

	t.Run("a turn of good files", func(t *testing.T) {
		t.Parallel()
		for _, count := range []int{4, 12, 40} { // few, some, and a folder that is made with them
			summing(t, func(t *testing.T, b *bench) {
				items := b.stick.alikeInOneFolder(count, sumSize)
				same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: count, BytesCopied: int64(count) * sumSize})
				same(t, "files", names(b.here(t, items)), names(items))
				same(t, "openings", b.stick.opened.Load(), int64(count))
			})
		}
	})

	t.Run("a damaged file keeps no other from being real", func(t *testing.T) {
		t.Parallel()
		for _, count := range []int{12, 40} {
			summing(t, func(t *testing.T, b *bench) {
				items := b.stick.alikeInOneFolder(count, sumSize)
				bad := items[5]
				b.stick.misread(bad, 100)
				same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: count - 1, FilesFailed: 1, BytesCopied: int64(count-1) * sumSize})
				same(t, "problems", b.codes(), map[fault.Code]int{fault.FileDamaged: 1})
				same(t, "the damaged one is read", b.stick.opened.Load(), int64(count)+1)
				same(t, "remembered", b.index.has(bad), false)
				same(t, "files", len(b.here(t, items)), count-1)
			})
		}
	})

	t.Run("what is misread once arrives by the second reading", func(t *testing.T) {
		t.Parallel()
		summing(t, func(t *testing.T, b *bench) {
			items := b.stick.alikeInOneFolder(12, sumSize)
			b.stick.misread(items[0], 1)
			same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 12, BytesCopied: 12 * sumSize})
			same(t, "openings", b.stick.opened.Load(), int64(13))
		})
	})

	t.Run("a file that is too short once, and then wrong, is not read again", func(t *testing.T) {
		t.Parallel()
		summing(t, func(t *testing.T, b *bench) {
			items := b.stick.alikeInOneFolder(12, sumSize)
			var openings atomic.Int64
			b.stick.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
				if file != items[3].LocalFile {
					return nil, nil
				}
				wrong := make([]byte, sumSize)
				return opened(bytes.NewReader(wrong[:min(sumSize, int(openings.Add(1))*sumSize/2)]), sumSize), nil
			}
			same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 11, FilesFailed: 1, BytesCopied: 11 * sumSize})
			same(t, "openings of the bad file", openings.Load(), int64(2))
			same(t, "problems", b.codes(), map[fault.Code]int{fault.FileDamaged: 1})
		})
	})

	t.Run("a copy that is read back", func(t *testing.T) {
		t.Parallel()
		summing(t, func(t *testing.T, b *bench) {
			b.cfg.ReadBack = true
			items := b.stick.alikeInOneFolder(12, sumSize)
			b.stick.misread(items[11], 1)
			same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 12, BytesCopied: 12 * sumSize})
		})
	})
}

// misread gives wrong bytes for the file so many times.
func (s *stick) misread(item transfer.Item, times int64) {
	s.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
		if file != item.LocalFile || times == 0 {
			return nil, nil
		}
		times--
		wrong := bytes.Clone(s.files[file])
		wrong[len(wrong)/2] ^= 1
		return opened(bytes.NewReader(wrong), int64(len(wrong))), nil
	}
}

func TestManySumsWhenTheTurnEndsEarly(t *testing.T) {
	t.Parallel()

	t.Run("a cancellation keeps what was copied whole", func(t *testing.T) {
		t.Parallel()
		for _, count := range []int{12, 40} {
			summing(t, func(t *testing.T, b *bench) {
				items := b.stick.alikeInOneFolder(count, sumSize)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				b.stick.opening = func(context.Context, channel.LocalFile) (source.File, error) {
					if b.stick.opened.Load() == 6 {
						cancel()
					}
					return nil, nil
				}
				result, err := b.run(t, ctx, items)
				if !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
				same(t, "result", result, transfer.Result{FilesCopied: 5, BytesCopied: 5 * sumSize})
				same(t, "files", len(b.here(t, items)), 5)
			})
		}
	})

	t.Run("so it does where one of it was misread, which is not read again", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.cfg.Workers = 1
		b.cfg.SumAtOnce(true)
		items := b.stick.alikeInOneFolder(12, sumSize)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		b.stick.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
			switch b.stick.opened.Load() {
			case 2:
				return opened(bytes.NewReader(make([]byte, sumSize)), sumSize), nil
			case 6:
				cancel()
			}
			return nil, nil
		}
		result, err := b.run(t, ctx, items)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		same(t, "result", result, transfer.Result{FilesCopied: 4, BytesCopied: 4 * sumSize})
	})

	t.Run("a source that goes away", func(t *testing.T) {
		t.Parallel()
		summing(t, func(t *testing.T, b *bench) {
			items := b.stick.alikeInOneFolder(12, sumSize)
			b.stick.opening = func(context.Context, channel.LocalFile) (source.File, error) {
				if b.stick.opened.Load() == 6 {
					b.stick.gone.Store(true)
					return nil, errors.New("input/output error")
				}
				return nil, nil
			}
			result, err := b.run(t, t.Context(), items)
			same(t, "fault", fault.CodeOf(err), fault.SourceGone)
			same(t, "result", result, transfer.Result{FilesCopied: 5, BytesCopied: 5 * sumSize})
			b.stick.gone.Store(false)
			b.stick.opening = nil
			same(t, "result of the next run", b.mustRun(t, items), transfer.Result{FilesCopied: 7, FilesPresent: 5, BytesCopied: 7 * sumSize})
		})
	})
}

func TestManySumsAreThoseOfWhatWasWritten(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.cfg.Workers = 1
	b.cfg.SumAtOnce(true)
	items := b.stick.alikeInOneFolder(12, sumSize)
	first := ""
	b.stick.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
		switch b.stick.opened.Load() {
		case 1:
			first = atomicfile.TempName(file.In(b.content))
		case 12:
			must(t, os.WriteFile(first, make([]byte, sumSize), 0o600))
		}
		return nil, nil
	}
	same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: 12, BytesCopied: 12 * sumSize})
	same(t, "openings", b.stick.opened.Load(), int64(13))
	same(t, "files", len(b.here(t, items)), 12)
}

func TestManySumsLetADiskReadOneFileAfterTheOther(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.cfg.Workers = 1
	b.cfg.SumAtOnce(true)
	items := b.stick.alikeInOneFolder(12, sumSize)
	open := 0
	b.stick.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
		if open++; open > 1 {
			t.Errorf("%d files are open at once", open)
		}
		data := b.stick.files[file]
		return &closing{opened(bytes.NewReader(data), int64(len(data))), func() { open-- }}, nil
	}
	b.mustRun(t, items)
}

// closing is an open file that tells when it is closed.
type closing struct {
	source.File

	closed func()
}

func (c *closing) Close() error {
	c.closed()
	return c.File.Close()
}

// Not in parallel: it counts what all of the process asks for.
func TestManySumsHoldNoFileInMemory(t *testing.T) {
	const size, limit = 900 << 10, 6 << 20
	b := newBench(t)
	b.cfg.Workers = 1
	b.cfg.SumAtOnce(true)
	items := b.stick.alikeInOneFolder(32, size)
	plan := b.plan(t, items)
	cfg := b.cfg
	cfg.Source, cfg.Content, cfg.Index = b.stick, b.content, b.index
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := transfer.Run(t.Context(), cfg, plan)
	runtime.ReadMemStats(&after)
	must(t, err)
	if asked := after.TotalAlloc - before.TotalAlloc; asked > limit {
		t.Errorf("%d files of %d bytes asked for %d bytes of memory, want at most %d", len(items), size, asked, limit)
	}
}
