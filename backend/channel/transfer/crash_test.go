package transfer_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
)

// These tell the test binary to be the process that is killed, and where it copies to.
const (
	crashEnv        = "NECTAR_TEST_TRANSFER_INTO"
	crashFoldersEnv = "NECTAR_TEST_TRANSFER_FOLDERS_INTO"
	crashRangedEnv  = "NECTAR_TEST_TRANSFER_RANGED_INTO"
)

func TestMain(m *testing.M) {
	if content := os.Getenv(crashEnv); content != "" {
		copyUntilKilled(content)
	}
	if content := os.Getenv(crashFoldersEnv); content != "" {
		copyFoldersUntilKilled(content)
	}
	if content := os.Getenv(crashRangedEnv); content != "" {
		bringUntilKilled(content)
	}
	goleak.VerifyTestMain(m)
}

// crashItems are the files that the killed process and the test agree on.
func crashItems(s *stick) []transfer.Item {
	sizes := make([]int, 40)
	for i := range sizes {
		sizes[i] = 10_000 * (len(sizes) - i)
	}
	return s.items(sizes...)
}

// diary is an index in a file, which outlives the process.
type diary struct {
	memory
	path string
}

func (d *diary) MarkVerified(ctx context.Context, files []transfer.Record) error {
	f, err := os.OpenFile(d.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	for _, r := range files {
		if err := json.NewEncoder(f).Encode(r); err != nil {
			return err
		}
	}
	return d.memory.MarkVerified(ctx, files)
}

// copyUntilKilled copies in small groups, stops in the middle of a file when
// two thirds are done, and waits for its end.
func copyUntilKilled(content string) {
	from := &stick{}
	items := crashItems(from)
	var files atomic.Int64
	from.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
		if files.Add(1) <= 28 {
			return nil, nil
		}
		first := true
		return opened(readFunc(func(p []byte) (int, error) {
			if !first {
				select {}
			}
			first = false
			return min(1000, len(p)), nil
		}), file.Size), nil
	}
	index := &diary{path: content + ".index"}
	plan, err := transfer.MakePlan(context.Background(), content, items, index, nil)
	if err != nil {
		panic(err)
	}
	_, err = transfer.Run(context.Background(), transfer.Config{
		Source: from, Content: content, Index: index,
		Group: transfer.Group{Files: 3},
		OnGroup: func(copied int, _ int64) {
			if copied >= 20 {
				_, _ = os.Stdout.WriteString("now\n")
			}
		},
	}, plan)
	panic(err)
}

func TestAKilledProcessLosesNothingThatWasRemembered(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	killWhenItSays(t, b, crashEnv)

	items := crashItems(b.stick)
	readDiary(t, b)
	if n := len(b.index.records); n < 20 {
		t.Errorf("%d files are remembered, want at least 20", n)
	}
	b.checkMemory(t)
	whole := len(b.here(t, items))
	for _, item := range items {
		if _, err := os.Lstat(item.In(b.content)); err == nil {
			whole--
		}
	}
	same(t, "files under their name that are not whole", -whole, 0)
	if len(b.temps(t)) == 0 {
		t.Error("the process was not killed in the middle of a file")
	}

	remembered := len(b.index.records)
	result := b.mustRun(t, items)
	same(t, "files failed", result.FilesFailed, 0)
	if result.FilesPresent < remembered {
		t.Errorf("%d files were taken over, %d were remembered", result.FilesPresent, remembered)
	}
	same(t, "files here", names(b.here(t, items)), names(items))
}

// killWhenItSays starts the process that copies and kills it when it says so.
func killWhenItSays(t *testing.T, b *bench, env string) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), env+"="+b.content)
	must(t, os.MkdirAll(filepath.Dir(b.content), 0o700))
	out, err := child.StdoutPipe()
	must(t, err)
	var trouble strings.Builder
	child.Stderr = &trouble
	must(t, child.Start())
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "now\n" {
		t.Fatalf("the process said %q (%v): %s", line, err, trouble.String())
	}
	must(t, child.Process.Kill())
	_ = child.Wait()
}

// crashFolders are two folders of many small files: the process that is killed has
// brought one and is in the middle of the other.
func crashFolders(s *stick) (brought, begun []transfer.Item) {
	const count, size = 40, 1000
	return s.inFolder(1, count, size), s.inFolder(2, count, size)
}

// copyFoldersUntilKilled stops in the middle of a file of the second folder when the
// first is remembered, and waits for its end.
func copyFoldersUntilKilled(content string) {
	from := &stick{}
	brought, begun := crashFolders(from)
	var files atomic.Int64
	half := make(chan struct{})
	from.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
		if file.Checksum[0] == brought[0].Checksum[0] || files.Add(1) <= int64(len(begun))/2 {
			return nil, nil
		}
		first := true
		return opened(readFunc(func(p []byte) (int, error) {
			if !first {
				close(half)
				select {}
			}
			first = false
			return len(p) / 1000, nil
		}), file.Size), nil
	}
	index := &diary{path: content + ".index"}
	plan, err := transfer.MakePlan(context.Background(), content, append(brought, begun...), index, nil)
	if err != nil {
		panic(err)
	}
	_, err = transfer.Run(context.Background(), transfer.Config{
		Source: from, Content: content, Index: index, Group: transfer.Group{Files: 1},
		OnGroup: func(int, int64) {
			<-half
			_, _ = os.Stdout.WriteString("now\n")
		},
	}, plan)
	panic(err)
}

func readDiary(t *testing.T, b *bench) {
	t.Helper()
	f, err := os.Open(b.content + ".index")
	must(t, err)
	defer func() { _ = f.Close() }()
	for in := json.NewDecoder(f); in.More(); {
		var r transfer.Record
		must(t, in.Decode(&r))
		must(t, b.index.MarkVerified(t.Context(), []transfer.Record{r}))
	}
}
