package transfer_test

import (
	"context"
	"crypto/md5"
	"encoding/binary"
	"flag"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
)

var (
	benchFiles = flag.Int("files", 200, "number of files that the benchmarks copy")
	benchBytes = flag.Int64("bytes", 64e6, "bytes of all of them")
)

// BenchmarkCopying compares a verified, durable copy with plain ones, each
// followed by what makes it durable. Run it with -count and read the medians:
//
//	go test -run '^$' -bench Copying -benchtime 1x -count 5 -files 1500 -bytes 1000000000 ./backend/channel/transfer
func BenchmarkCopying(b *testing.B) {
	from := folder(b.TempDir())
	items := from.fill(b, *benchFiles, *benchBytes)
	// A first round warms the page cache for all alike.
	plainCopy(b, from, items, b.TempDir())

	ways := []struct {
		name string
		copy func(b *testing.B, into string)
	}{
		{"cp", func(b *testing.B, into string) {
			run(b, "cp", "-r", filepath.Join(string(from), "storage"), into)
			run(b, "sync", "-f", into)
		}},
		{"io.Copy", func(b *testing.B, into string) {
			plainCopy(b, from, items, into)
			run(b, "sync", "-f", into)
		}},
		{"transfer", func(b *testing.B, into string) {
			cfg := transfer.Config{Source: from, Content: into, Index: &memory{}}
			plan, err := transfer.MakePlan(b.Context(), into, items, cfg.Index, nil)
			ok(b, err)
			result, err := transfer.Run(b.Context(), cfg, plan)
			ok(b, err)
			if result.FilesCopied != len(items) {
				b.Fatalf("copied %d of %d files", result.FilesCopied, len(items))
			}
			run(b, "sync", "-f", into)
		}},
	}
	scratch, round := b.TempDir(), 0
	for _, way := range ways {
		b.Run(way.name, func(b *testing.B) {
			b.SetBytes(*benchBytes)
			var spent time.Duration
			for b.Loop() {
				b.StopTimer()
				round++
				into := filepath.Join(scratch, strconv.Itoa(round))
				ok(b, os.Mkdir(into, 0o755))
				run(b, "sync", "-f", into)
				before := processorTime()
				b.StartTimer()
				way.copy(b, into)
				b.StopTimer()
				spent += processorTime() - before
				ok(b, os.RemoveAll(into))
				b.StartTimer()
			}
			b.ReportMetric(spent.Seconds()/float64(b.N), "cpu-s/op")
		})
	}
}

// processorTime is what this process and its children have computed so far: a
// figure that a busy machine does not blur as much as the time of day.
func processorTime() time.Duration {
	var sum time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var usage syscall.Rusage
		if syscall.Getrusage(who, &usage) == nil {
			sum += time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
		}
	}
	return sum
}

// folder is a source on the disk.
type folder string

// fill makes files whose sizes vary as those of real channels: a few large
// ones have most of the bytes.
func (f folder) fill(b *testing.B, files int, bytes int64) []transfer.Item {
	b.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	weights := make([]float64, files)
	var sum float64
	for i := range weights {
		weights[i] = random.ExpFloat64() * random.ExpFloat64()
		sum += weights[i]
	}
	items := make([]transfer.Item, files)
	buf := make([]byte, 1<<20)
	for i := range items {
		left := max(8, int64(float64(bytes)*weights[i]/sum))
		file := channel.LocalFile{Extension: "mp4", Size: left}
		temp, err := os.CreateTemp(string(f), "")
		ok(b, err)
		hash := md5.New()
		for left > 0 {
			binary.LittleEndian.PutUint64(buf, random.Uint64())
			part := buf[:min(left, int64(len(buf)))]
			_, err := io.MultiWriter(temp, hash).Write(part)
			ok(b, err)
			left -= int64(len(part))
		}
		ok(b, temp.Close())
		file.Checksum = channel.Checksum(hash.Sum(nil))
		ok(b, os.MkdirAll(filepath.Dir(file.In(string(f))), 0o755))
		ok(b, os.Rename(temp.Name(), file.In(string(f))))
		items[i].LocalFile = file
	}
	return items
}

func (f folder) Info() source.Info { return source.Info{Kind: source.Folder, Path: string(f)} }

func (folder) Channels(context.Context) ([]source.Listing, error) { return nil, nil }

func (folder) OpenDatabase(context.Context, channel.ID) (source.File, error) {
	return nil, fault.New(fault.ChannelMissing)
}

func (f folder) OpenFile(_ context.Context, file channel.LocalFile) (source.File, error) {
	in, err := os.Open(file.In(string(f)))
	if err != nil {
		return nil, err
	}
	info, err := in.Stat()
	if err != nil {
		return nil, err
	}
	return &openFile{in, info.Size()}, nil
}

func (folder) Alive(context.Context) error { return nil }

func plainCopy(b *testing.B, from folder, items []transfer.Item, into string) {
	b.Helper()
	for _, item := range items {
		in, err := os.Open(item.In(string(from)))
		ok(b, err)
		ok(b, os.MkdirAll(filepath.Dir(item.In(into)), 0o755))
		ok(b, copyInto(item.In(into), in))
		ok(b, in.Close())
	}
}

func copyInto(path string, in io.Reader) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return out.Close()
}

func run(b *testing.B, name string, args ...string) {
	b.Helper()
	out, err := exec.CommandContext(b.Context(), name, args...).CombinedOutput()
	if err != nil {
		b.Fatalf("%s: %v: %s", name, err, out)
	}
}

func ok(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
