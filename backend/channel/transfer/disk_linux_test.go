package transfer_test

import (
	"path/filepath"
	"syscall"
	"testing"

	"nectar/backend/channel/transfer"
	"nectar/backend/drive/drivetest"
	"nectar/backend/fault"
)

// A full disk and a protected one are real ones here: small file systems in
// memory, which only root may mount.

func TestRunOnAFullDisk(t *testing.T) {
	t.Parallel()
	for name, sizes := range map[string][]int{
		"a large file is refused its room":            {6 << 20, 500_000, 500_000},
		"small files fill the disk one after another": {900_000, 800_000, 700_000, 600_000, 500_000, 400_000, 300_000, 200_000},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.content = drivetest.Small(t, "size=2m", 0)
			b.cfg.Workers = 1
			items := b.stick.items(sizes...)
			result, err := b.run(t, t.Context(), items)
			same(t, "fault", fault.CodeOf(err), fault.DiskFull)
			same(t, "place", fault.Of(err).Params["path"], any(b.content))
			same(t, "files here", len(b.here(t, items)), result.FilesCopied)

			must(t, syscall.Mount("tmpfs", b.content, "tmpfs", syscall.MS_REMOUNT, "size=20m"))
			second := b.mustRun(t, items)
			same(t, "second result", second.FilesCopied+second.FilesPresent, len(items))
			same(t, "files taken over", second.FilesPresent, result.FilesCopied)
		})
	}
}

func TestRunOnAProtectedDisk(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.content = filepath.Join(drivetest.Small(t, "size=1m", syscall.MS_RDONLY), "content")
	result, err := b.run(t, t.Context(), b.stick.items(10))
	same(t, "fault", fault.CodeOf(err), fault.NoWrite)
	same(t, "result", result, transfer.Result{})
}
