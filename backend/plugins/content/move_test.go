package content_test

import (
	"os"
	"path/filepath"
	"testing"

	"nectar/backend/auth"
	"nectar/backend/channel/channeltest"
	"nectar/backend/drive"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/plugins/content"
	"nectar/backend/store"
	"nectar/backend/task"
)

func TestAMoveThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	target, err := os.MkdirTemp("/dev/shm", "nectar") //nolint:usetesting // on another file system
	if err != nil || drive.SameFileSystem(folder, target) {
		t.Skip("there is no second file system")
	}
	t.Cleanup(func() { _ = os.RemoveAll(target) })
	st, err := store.Open(t.Context(), filepath.Join(folder, "app.sqlite3"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	lib := library.New(filepath.Join(folder, "content"), st)
	if err := channeltest.New().WriteContent(lib.Content()); err != nil {
		t.Fatal(err)
	}
	free := int64(1000)
	registry, err := task.NewRegistry(content.Plugin(content.Deps{
		Library: lib, Reserve: -1, Free: func(string) (int64, error) { return free, nil },
	}).Tasks...)
	if err != nil {
		t.Fatal(err)
	}
	moves, _ := registry.Lookup("content.move")
	to := func(path string) error {
		_, _, err := moves.Validate(t.Context(), auth.Program(), map[string]any{"path": path})
		return err
	}
	err = to(target)
	needed, _ := fault.Of(err).Params["needed"].(int64)
	if fault.CodeOf(err) != fault.DiskFull || needed <= free || fault.Of(err).Params["path"] != target {
		t.Errorf("a full disk says %v", err)
	}
	if err := to(filepath.Join(folder, "beside")); err != nil {
		t.Errorf("within a file system, where nothing is copied, it says %v", err)
	}
	free = 1 << 40
	if err := to(target); err != nil {
		t.Errorf("with room enough it says %v", err)
	}
}
