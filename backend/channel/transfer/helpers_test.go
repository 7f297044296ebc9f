package transfer_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
)

// stick is a source in memory that can be made to fail.
type stick struct {
	files map[channel.LocalFile][]byte
	// opening, when set, decides about the opening of a file.
	opening func(ctx context.Context, file channel.LocalFile) (source.File, error)
	gone    atomic.Bool
	opened  atomic.Int64
}

func (s *stick) Info() source.Info { return source.Info{Kind: source.Drive, Path: "/media/stick"} }

func (s *stick) Channels(context.Context) ([]source.Listing, error) { return nil, nil }

func (s *stick) OpenDatabase(context.Context, channel.ID) (source.File, error) {
	return nil, fault.New(fault.ChannelMissing)
}

func (s *stick) OpenFile(ctx context.Context, file channel.LocalFile) (source.File, error) {
	s.opened.Add(1)
	if s.gone.Load() {
		return nil, fault.New(fault.FileMissing)
	}
	if s.opening != nil {
		f, err := s.opening(ctx, file)
		if f != nil || err != nil {
			return f, err
		}
	}
	data, ok := s.files[file]
	if !ok {
		return nil, fault.New(fault.FileMissing)
	}
	return opened(bytes.NewReader(data), int64(len(data))), nil
}

func (s *stick) Alive(context.Context) error {
	if s.gone.Load() {
		return fault.New(fault.SourceGone, "path", "/media/stick")
	}
	return nil
}

// item makes a file of random bytes and puts it on the stick.
func (s *stick) item(seed uint64, size int) transfer.Item {
	data := content(seed, size)
	return s.put(md5.Sum(data), data)
}

// put puts a file on the stick.
func (s *stick) put(sum channel.Checksum, data []byte) transfer.Item {
	file := channel.LocalFile{Checksum: sum, Extension: "mp4", Size: int64(len(data))}
	if s.files == nil {
		s.files = make(map[channel.LocalFile][]byte)
	}
	s.files[file] = data
	return transfer.Item{LocalFile: file, Title: "Lesson " + file.Name()[:4]}
}

// items makes files of the given sizes.
func (s *stick) items(sizes ...int) []transfer.Item {
	items := make([]transfer.Item, len(sizes))
	for i, size := range sizes {
		items[i] = s.item(uint64(i), size)
	}
	return items
}

// inOrder answers some items of a size in the order in which they are copied.
func (s *stick) inOrder(count, size int) []transfer.Item {
	items := make([]transfer.Item, count)
	for i := range items {
		items[i] = s.item(uint64(i), size)
	}
	slices.SortFunc(items, func(a, b transfer.Item) int { return strings.Compare(a.Path(), b.Path()) })
	return items
}

// inOneFolder makes files of a size that lie in one folder of the storage.
func (s *stick) inOneFolder(count, size int) []transfer.Item { return s.inFolder(0, count, size) }

// inFolder is inOneFolder for the folder of that number.
func (s *stick) inFolder(number byte, count, size int) []transfer.Item {
	var items []transfer.Item
	for seed := uint64(0); len(items) < count; seed++ {
		if sum := md5.Sum(content(seed, size)); sum[0] == number {
			items = append(items, s.item(seed, size))
		}
	}
	return items
}

// alikeInOneFolder is inOneFolder for large files, which differ in their ends alone:
// to try so many of them takes long.
func (s *stick) alikeInOneFolder(count, size int) []transfer.Item {
	start := content(0, size-8)
	begun := md5.New()
	begun.Write(start)
	state, _ := begun.(encoding.BinaryMarshaler).MarshalBinary()
	var items []transfer.Item
	for seed := uint64(0); len(items) < count; seed++ {
		end := binary.BigEndian.AppendUint64(nil, seed)
		_ = begun.(encoding.BinaryUnmarshaler).UnmarshalBinary(state)
		begun.Write(end)
		if sum := channel.Checksum(begun.Sum(nil)); sum[0] == 0 {
			items = append(items, s.put(sum, append(slices.Clone(start), end...)))
		}
	}
	return items
}

func content(seed uint64, size int) []byte {
	random := rand.New(rand.NewPCG(seed, uint64(size)))
	data := make([]byte, size)
	for i := range data {
		data[i] = byte(random.Uint32())
	}
	return data
}

// opened makes an open file of a reader.
func opened(from io.Reader, size int64) source.File { return &openFile{io.NopCloser(from), size} }

type openFile struct {
	io.ReadCloser
	size int64
}

func (f *openFile) Size() int64 { return f.size }

// readFunc is a reader made of a function.
type readFunc func(p []byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// memory is an index that lives as long as the test.
type memory struct {
	mu      sync.Mutex
	records map[channel.Checksum]transfer.Record
	mark    func([]transfer.Record) error
}

func (m *memory) Verified(_ context.Context, files []channel.Checksum) (map[channel.Checksum]transfer.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := make(map[channel.Checksum]transfer.Record)
	for _, f := range files {
		if r, ok := m.records[f]; ok {
			found[f] = r
		}
	}
	return found, nil
}

func (m *memory) MarkVerified(_ context.Context, files []transfer.Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.mark != nil {
		if err := m.mark(files); err != nil {
			return err
		}
	}
	if m.records == nil {
		m.records = make(map[channel.Checksum]transfer.Record)
	}
	for _, f := range files {
		m.records[f.Checksum] = f
	}
	return nil
}

func (m *memory) Forget(_ context.Context, files []channel.Checksum) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range files {
		delete(m.records, f)
	}
	return nil
}

func (m *memory) has(item transfer.Item) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.records[item.Checksum]
	return ok
}

// bench is a table to run transfers on.
type bench struct {
	stick   *stick
	index   *memory
	content string
	cfg     transfer.Config // what differs from the default
	planned func()          // called between plan and run, when not nil

	mu       sync.Mutex
	problems []transfer.Problem
	reported atomic.Int64
}

func newBench(t *testing.T) *bench {
	t.Helper()
	return &bench{
		stick:   &stick{},
		index:   &memory{},
		content: filepath.Join(t.TempDir(), "contenu é #1%20?", "محتوى"),
	}
}

func (b *bench) plan(t *testing.T, items []transfer.Item) transfer.Plan {
	t.Helper()
	plan, err := transfer.MakePlan(t.Context(), b.content, items, b.index, nil)
	must(t, err)
	return plan
}

// run plans and runs; it checks what holds for every run.
func (b *bench) run(t *testing.T, ctx context.Context, items []transfer.Item) (transfer.Result, error) {
	t.Helper()
	plan := b.plan(t, items)
	if b.planned != nil {
		b.planned()
	}
	b.reported.Store(0)
	b.problems = nil
	cfg := b.cfg
	cfg.Source, cfg.Content, cfg.Index = b.stick, b.content, b.index
	cfg.OnBytes = func(delta int64) {
		if delta <= 0 {
			t.Errorf("progress of %d bytes was reported", delta)
		}
		b.reported.Add(delta)
	}
	cfg.OnProblem = func(p transfer.Problem) {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.problems = append(b.problems, p)
	}
	result, err := transfer.Run(ctx, cfg, plan)
	if got, whole := b.reported.Load(), plan.Bytes(); got > whole || err == nil && got != whole {
		t.Errorf("progress reached %d of %d bytes", got, whole)
	}
	if len(b.problems) != result.FilesFailed {
		t.Errorf("%d problems were reported, the result says %d", len(b.problems), result.FilesFailed)
	}
	if temps := b.temps(t); len(temps) > 0 {
		t.Errorf("temporary files were left: %v", temps)
	}
	b.checkMemory(t)
	return result, err
}

// mustRun runs and expects no error.
func (b *bench) mustRun(t *testing.T, items []transfer.Item) transfer.Result {
	t.Helper()
	result, err := b.run(t, t.Context(), items)
	must(t, err)
	return result
}

// checkMemory makes sure that what the index remembers is true.
func (b *bench) checkMemory(t *testing.T) {
	t.Helper()
	for sum, r := range b.index.records {
		f := channel.LocalFile{Checksum: sum, Extension: r.Extension}
		data, err := os.ReadFile(f.In(b.content))
		if err != nil || md5.Sum(data) != sum {
			t.Errorf("%s is remembered but is not whole (%v)", f.Name(), err)
		}
	}
}

func (b *bench) temps(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(filesIn(t, b.content), func(path string) bool { return !transfer.IsUnfinished(path) })
}

// here answers the items that lie whole in their place.
func (b *bench) here(t *testing.T, items []transfer.Item) []transfer.Item {
	t.Helper()
	var whole []transfer.Item
	for _, item := range items {
		data, err := os.ReadFile(item.In(b.content))
		if err == nil && md5.Sum(data) == item.Checksum {
			whole = append(whole, item)
		}
	}
	return whole
}

func (b *bench) put(t *testing.T, item transfer.Item, data []byte) {
	t.Helper()
	path := item.In(b.content)
	must(t, os.MkdirAll(filepath.Dir(path), 0o700))
	must(t, os.WriteFile(path, data, 0o600))
}

// codes answers how often each kind of problem was reported.
func (b *bench) codes() map[fault.Code]int {
	counts := make(map[fault.Code]int)
	for _, p := range b.problems {
		counts[p.Code]++
	}
	return counts
}

func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	var paths []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return paths
}

func names(items []transfer.Item) []string {
	seen := make(map[string]bool)
	for _, item := range items {
		seen[item.Name()] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", what, strings.TrimSpace(diff))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
