package selection_test

import (
	"runtime"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/db"
	"nectar/backend/channel/selection"
)

// The channel of the benchmarks has 50,000 nodes and 190,000 stored files, as
// the largest real ones do.
func large(b *testing.B) (string, channel.ID) {
	b.Helper()
	c := channeltest.New(channeltest.Load(47_500, 4, 190_000*50))
	path := c.ID.DatabaseIn(b.TempDir())
	if err := c.WriteDatabase(path); err != nil {
		b.Fatal(err)
	}
	return path, c.ID
}

func BenchmarkLarge(b *testing.B) {
	path, id := large(b)
	open := func(b *testing.B, check db.Check) *db.DB {
		b.Helper()
		d, err := db.Open(b.Context(), path, id, check)
		if err != nil {
			b.Fatal(err)
		}
		return d
	}
	b.Run("open quick", func(b *testing.B) {
		for b.Loop() {
			_ = open(b, db.Quick).Close()
		}
	})
	b.Run("open and check pages", func(b *testing.B) {
		for b.Loop() {
			_ = open(b, db.Pages).Close()
		}
	})
	b.Run("load", func(b *testing.B) {
		for b.Loop() {
			loadFrom(b, open(b, db.Quick))
		}
	})
	b.Run("load memory", func(b *testing.B) {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		tree := loadFrom(b, open(b, db.Quick))
		runtime.GC()
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc), "held-bytes")
		runtime.KeepAlive(tree)
	})
	tree := loadFrom(b, open(b, db.Quick))
	b.Run("totals", func(b *testing.B) {
		for b.Loop() {
			tree.Totals(func(sum channel.Checksum) bool { return sum[0]&1 == 0 })
		}
	})
	b.Run("select all", func(b *testing.B) {
		for b.Loop() {
			if _, err := tree.Select(selection.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func loadFrom(b *testing.B, d *db.DB) *selection.Tree {
	b.Helper()
	defer func() { _ = d.Close() }()
	tree, err := selection.Load(b.Context(), d)
	if err != nil {
		b.Fatal(err)
	}
	return tree
}
