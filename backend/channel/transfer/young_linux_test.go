package transfer_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
)

// young is how many files a folder has to bring to get its name with them, or more.
const young = 40

// placeOf answers the folder of the items and its temporary name.
func placeOf(b *bench, items []transfer.Item) (folder, temp string) {
	folder = filepath.Dir(items[0].In(b.content))
	return folder, folder + ".transfer"
}

// whileCopying calls the function when so many files have been opened.
func whileCopying(s *stick, count int, do func()) {
	var mu sync.Mutex
	opened := 0
	s.opening = func(context.Context, channel.LocalFile) (source.File, error) {
		mu.Lock()
		defer mu.Unlock()
		if opened++; opened == count {
			do()
		}
		return nil, nil
	}
}

func TestAFolderOfManyFiles(t *testing.T) {
	t.Parallel()

	t.Run("has its name only when all that lies in it is whole", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.inOneFolder(young, 100)
		folder, temp := placeOf(b, items)
		whileCopying(b.stick, young/2, func() {
			if _, err := os.Lstat(folder); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the folder has its name already (%v)", err)
			}
			same(t, "whole files under its temporary name", len(filesIn(t, temp)), young/2-1)
			for _, path := range filesIn(t, temp) {
				if !transfer.IsUnfinished(path) {
					t.Errorf("%s does not count as unfinished", path)
				}
			}
		})
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: young, BytesCopied: young * 100})
		same(t, "files here", names(b.here(t, items)), names(items))
		for _, item := range items {
			if transfer.IsUnfinished(item.In(b.content)) {
				t.Errorf("%s counts as unfinished", item.Name())
			}
		}
	})

	t.Run("gets its name with those that could be had", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.inOneFolder(young, 100)
		b.stick.files[items[3].LocalFile] = make([]byte, 100)
		delete(b.stick.files, items[5].LocalFile)
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: young - 2, FilesFailed: 2, BytesCopied: (young - 2) * 100})
		same(t, "problems", b.codes(), map[fault.Code]int{fault.FileDamaged: 1, fault.FileMissing: 1})
		same(t, "files here", len(b.here(t, items)), young-2)
		same(t, "all files", len(filesIn(t, b.content)), young-2)
	})

	t.Run("is not there when none could be had", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.inOneFolder(young, 100)
		clear(b.stick.files)
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesFailed: young})
		folder, temp := placeOf(b, items)
		for _, path := range []string{folder, temp} {
			if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s is there (%v)", path, err)
			}
		}
	})

	t.Run("has what was copied when the run is cancelled in the middle", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.inOneFolder(young, 100)
		ctx, cancel := context.WithCancel(t.Context())
		whileCopying(b.stick, young/2, cancel)
		result, err := b.run(t, ctx, items)
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v, want the cancellation", err)
		}
		if result.FilesCopied < young/2-1 || result.FilesCopied == young {
			t.Errorf("%d files were copied", result.FilesCopied)
		}
		same(t, "files here", len(b.here(t, items)), result.FilesCopied)
		b.stick.opening = nil
		same(t, "result of the next run", b.mustRun(t, items), transfer.Result{
			FilesPresent: result.FilesCopied, FilesCopied: young - result.FilesCopied, BytesCopied: int64(young-result.FilesCopied) * 100,
		})
	})

	t.Run("that came to lie there meanwhile keeps what is in it", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.inOneFolder(young, 100)
		folder, _ := placeOf(b, items)
		letter := filepath.Join(folder, "letter.txt")
		whileCopying(b.stick, young/2, func() {
			must(t, os.MkdirAll(folder, 0o700))
			must(t, os.WriteFile(letter, []byte("dear"), 0o600))
		})
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: young, BytesCopied: young * 100})
		same(t, "files here", names(b.here(t, items)), names(items))
		if text, err := os.ReadFile(letter); string(text) != "dear" {
			t.Errorf("the letter says %q (%v)", text, err)
		}
	})

	t.Run("that is a link to another disk is written into", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.inOneFolder(young, 100)
		folder, _ := placeOf(b, items)
		elsewhere := t.TempDir()
		must(t, os.MkdirAll(filepath.Dir(folder), 0o700))
		must(t, os.Symlink(elsewhere, folder))
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: young, BytesCopied: young * 100})
		same(t, "files behind the link", len(filesIn(t, elsewhere)), young)
	})

	t.Run("does not take over what a killed run left", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.inOneFolder(young+1, 100)
		_, temp := placeOf(b, items)
		must(t, os.MkdirAll(temp, 0o700))
		for _, item := range items {
			must(t, os.WriteFile(filepath.Join(temp, item.Name()), []byte("half"), 0o400))
		}
		must(t, os.WriteFile(filepath.Join(temp, strings.Repeat("0", 32)+".mp4"), []byte("half"), 0o400))
		same(t, "result", b.mustRun(t, items[:young]), transfer.Result{FilesCopied: young, BytesCopied: young * 100})
		same(t, "all files", len(filesIn(t, b.content)), young)
		same(t, "files here", len(b.here(t, items)), young)
	})

	t.Run("is written into its place when a stranger's file lies in the temporary one", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.inOneFolder(young, 100)
		_, temp := placeOf(b, items)
		must(t, os.MkdirAll(temp, 0o700))
		letter := filepath.Join(temp, "letter.txt")
		must(t, os.WriteFile(letter, nil, 0o600))
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: young, BytesCopied: young * 100})
		same(t, "files here", names(b.here(t, items)), names(items))
		if _, err := os.Lstat(letter); err != nil {
			t.Error(err)
		}
	})

	t.Run("is written into its place on a drive that leaves", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.cfg.ReadBack = true
		items := b.stick.inOneFolder(young, 100)
		_, temp := placeOf(b, items)
		whileCopying(b.stick, young/2, func() {
			if _, err := os.Lstat(temp); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s is there (%v)", temp, err)
			}
		})
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: young, BytesCopied: young * 100})
	})

	t.Run("is shared by the workers of a run when it takes several turns", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.cfg.Workers = 4
		const size = 100_000
		items := b.stick.alikeInOneFolder(3*84, size) // 8 MB a turn
		same(t, "result", b.mustRun(t, items), transfer.Result{FilesCopied: len(items), BytesCopied: int64(len(items)) * size})
		same(t, "files here", len(b.here(t, items)), len(items))
	})
}

func TestTwoRunsThatShareAFolder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	items := b.stick.inOneFolder(3*young, 100)
	claims := &transfer.Claims{}
	// Both have begun before either is done, and each has some for itself.
	var meeting sync.WaitGroup
	meeting.Add(2)
	shares := [][]transfer.Item{items[:2*young], items[young:]}
	results := make([]transfer.Result, len(shares))
	var runs sync.WaitGroup
	for i, share := range shares {
		plan := b.plan(t, share)
		runs.Go(func() {
			from := &stick{files: b.stick.files}
			var once sync.Once
			from.opening = func(context.Context, channel.LocalFile) (source.File, error) {
				once.Do(func() { meeting.Done(); meeting.Wait() })
				return nil, nil
			}
			var err error
			results[i], err = transfer.Run(t.Context(), transfer.Config{Source: from, Content: b.content, Index: b.index, Claims: claims}, plan)
			if err != nil {
				t.Error(err)
			}
		})
	}
	runs.Wait()
	for _, r := range results {
		same(t, "all files of a run", r.FilesCopied+r.FilesPresent, 2*young)
	}
	same(t, "copies of both", results[0].FilesCopied+results[1].FilesCopied, len(items))
	same(t, "files here", names(b.here(t, items)), names(items))
	same(t, "all files", len(filesIn(t, b.content)), len(items))
	b.checkMemory(t)
}

func TestAKilledProcessLeavesNoFolderThatIsNotWhole(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	killWhenItSays(t, b, crashFoldersEnv)

	brought, begun := crashFolders(b.stick)
	readDiary(t, b)
	b.checkMemory(t)
	same(t, "files that are remembered", len(b.index.records), len(brought))
	same(t, "files here", names(b.here(t, append(brought, begun...))), names(brought))
	if _, err := os.Lstat(filepath.Dir(begun[0].In(b.content))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder that was begun has its name (%v)", err)
	}
	same(t, "files that were begun", len(b.temps(t)), len(begun)/2+1)

	result := b.mustRun(t, append(brought, begun...))
	same(t, "result", result, transfer.Result{FilesPresent: len(brought), FilesCopied: len(begun), BytesCopied: int64(len(begun)) * 1000})
	same(t, "files here in the end", len(b.here(t, append(brought, begun...))), len(brought)+len(begun))
}

func TestSweepRemovesFoldersThatNeverGotTheirName(t *testing.T) {
	t.Parallel()
	content := t.TempDir()
	a := strings.Repeat("a", 32) + ".mp4"
	put := func(parts ...string) string {
		path := filepath.Join(append([]string{content, "storage"}, parts...)...)
		must(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must(t, os.WriteFile(path, nil, 0o400))
		return path
	}
	letter := put("a", "b.transfer", "letter.txt")
	put("a", "b.transfer", a)
	put("a", "a.transfer", a)
	keep := []string{letter, put("a", "a", a), put("a", "other.transfer", a), put("a", "c", "c.transfer", a)}
	claimed := put("c", "c.transfer", strings.Repeat("c", 32)+".mp4")

	claims := &transfer.Claims{}
	release, err := claims.Hold(t.Context(), filepath.Dir(claimed))
	must(t, err)
	removed, err := transfer.Sweep(t.Context(), content, claims)
	must(t, err)
	same(t, "removed", removed, 2)
	same(t, "what is left", filesIn(t, content), sorted(append(keep, claimed)))
	if _, err := os.Lstat(filepath.Join(content, "storage", "a", "a.transfer")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the empty folder is there (%v)", err)
	}

	release()
	removed, err = transfer.Sweep(t.Context(), content, claims)
	must(t, err)
	same(t, "removed after the claim was given back", removed, 1)
	same(t, "what is left", filesIn(t, content), sorted(keep))
}
