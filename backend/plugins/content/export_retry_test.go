package content_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// reads notes which files of the content folder are read.
type reads struct {
	source.Source

	note func(name string)
}

func (r reads) OpenFile(ctx context.Context, file channel.LocalFile) (source.File, error) {
	r.note(file.Name())
	return r.Source.OpenFile(ctx, file)
}

func TestProblemsOfAnExportAreRetriedAlone(t *testing.T) {
	t.Parallel()
	l, c := newLaptop(t), channeltest.New()
	l.has(c)
	path := l.blank("1234", "SANDISK")
	there := channeltest.ContentIn(path)
	resources, wanted := c.Wanted(c.Root)

	missing, blocked := c.Node(channeltest.Audio).Files[0].LocalFile, c.Node(channeltest.Document).Files[0].LocalFile
	aside := filepath.Join(t.TempDir(), "aside")
	must(t, os.Rename(missing.In(l.content), aside))
	must(t, os.MkdirAll(filepath.Join(blocked.In(there), "a folder in its place"), 0o750))
	id := l.export(c, path)
	if j := l.ends(id, task.Completed); j.Problems != 2 {
		t.Fatalf("there are %d problems", j.Problems)
	}
	retry := func(code fault.Code, only channel.LocalFile, problems int64, here int) {
		t.Helper()
		read := l.readsOfExports()
		if _, err := l.RetryCause(t.Context(), code, id); err != nil {
			t.Fatal(err)
		}
		j := l.ends(id, task.Completed)
		if got := read(); !slices.Equal(got, []string{only.Name()}) {
			t.Errorf("of %s these were read: %v, want %s alone", code, got, only.Name())
		}
		if got := l.exportResult(j); got.FilesCopied != 1 || got.FilesPresent != 0 || got.Resources != here || j.Problems != problems {
			t.Errorf("after %s the result is %+v, with %d problems; want %d resources and %d", code, got, j.Problems, here, problems)
		}
	}

	must(t, os.RemoveAll(blocked.In(there)))
	retry(fault.NoWrite, blocked, 1, resources-1)
	must(t, os.Rename(aside, missing.In(l.content)))
	retry(fault.FileMissing, missing, 0, resources)
	if got := exportedFiles(t, path); !slices.Equal(got, namesOf(wanted)) {
		t.Errorf("files are %v, want %v", got, namesOf(wanted))
	}

	t.Run("what is not on the laptop any more stays a problem", func(t *testing.T) {
		path := l.blank("5678", "OTHER")
		must(t, os.Remove(missing.In(l.content)))
		id := l.export(c, path)
		l.ends(id, task.Completed)
		must(t, l.library.Files().ForgetFiles(t.Context(), []channel.Checksum{missing.Checksum}))
		_, err := l.RetryCause(t.Context(), fault.FileMissing, id)
		must(t, err)
		if j := l.ends(id, task.Completed); j.Problems != 1 {
			t.Errorf("there are %d problems", j.Problems)
		}
	})
}

// readsOfExports notes what exports read from now on, and answers it.
func (l *laptop) readsOfExports() (names func() []string) {
	var read []string
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tap = func(name string) {
		l.mu.Lock()
		defer l.mu.Unlock()
		read = append(read, name)
	}
	return func() []string {
		l.mu.Lock()
		defer l.mu.Unlock()
		return slices.Clone(read)
	}
}
