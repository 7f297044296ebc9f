package transfer_test

import (
	"bytes"
	"context"
	"os"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/drive/drivetest"
	"nectar/backend/fault"
)

// Lengths at which a file ends with a buffer, with a sector of the disk, or
// between.
var lengths = []int{
	256<<10 - 1, 256 << 10, 256<<10 + 1, 1<<20 - 1, 1 << 20, 1<<20 + 1, 1<<20 + 4095, 2<<20 + 4096, 5<<20 + 123,
}

func TestFilesOfEveryLengthArriveWhole(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"ext4", "xfs", "btrfs", "f2fs", "vfat", "exfat"} {
		t.Run("on "+kind, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.content = drivetest.Formatted(t, kind, 350<<20)
			items := b.stick.items(lengths...)
			same(t, "files copied", b.mustRun(t, items).FilesCopied, len(lengths))
			same(t, "files here", names(b.here(t, items)), names(items))
		})
	}

	t.Run("from a stick that gives odd pieces", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		items := b.stick.items(lengths...)
		b.stick.opening = func(_ context.Context, file channel.LocalFile) (source.File, error) {
			data := bytes.NewReader(b.stick.files[file])
			return opened(readFunc(func(p []byte) (int, error) { return data.Read(p[:min(len(p), 10_007)]) }), file.Size), nil
		}
		same(t, "files copied", b.mustRun(t, items).FilesCopied, len(lengths))
		same(t, "files here", names(b.here(t, items)), names(items))
	})
}

func TestALargeFileThatFillsTheDisk(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.content = drivetest.Formatted(t, "ext4", 16<<20)
	b.cfg.Workers = 1
	// Below the size that is given its room beforehand, so that a write fails.
	items := b.stick.items(3_900_000, 3_800_000, 3_700_000, 3_600_000, 3_500_000, 3_400_000)
	result, err := b.run(t, t.Context(), items)
	same(t, "fault", fault.CodeOf(err), fault.DiskFull)
	same(t, "files here", len(b.here(t, items)), result.FilesCopied)
	if result.FilesCopied == 0 {
		t.Fatal("no file was copied before the disk was full")
	}
	must(t, os.Remove(items[0].In(b.content)))
	must(t, b.index.Forget(t.Context(), []channel.Checksum{items[0].Checksum}))
	same(t, "files copied into its room", b.mustRun(t, items[1:result.FilesCopied+1]).FilesCopied, 1)
}
