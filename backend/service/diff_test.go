package service_test

import (
	"context"
	"path/filepath"
	"testing"

	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/channel/preflight"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/disk"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/service"
	"nectar/backend/store"
	"nectar/backend/wire"
)

// shelved answers services over a laptop that has the whole channel.
func shelved(t *testing.T, c *channeltest.Channel) *service.Services {
	t.Helper()
	services, _ := shelvedAt(t, c)
	return services
}

func shelvedAt(t *testing.T, c *channeltest.Channel) (*service.Services, *desk) {
	t.Helper()
	d := newDesk(t)
	content := filepath.Join(t.TempDir(), "content")
	if err := c.WriteContent(content); err != nil {
		t.Fatal(err)
	}
	var files []store.VerifiedFile
	for _, f := range c.Files() {
		files = append(files, store.VerifiedFile{LocalFile: f.LocalFile})
	}
	if err := d.store.RememberFiles(t.Context(), files); err != nil {
		t.Fatal(err)
	}
	return service.New(service.Config{
		Store: d.store, Registry: d.registry, Engine: d.engine, Library: library.New(content, d.store),
		Open:  func(_ context.Context, path string) (source.Source, error) { return disk.Open(path) },
		Space: func() (service.Space, error) { return service.Space{Free: 1 << 40}, nil },
		ImportDisk: func(context.Context, channel.ID) (preflight.Disk, error) {
			return preflight.Disk{Cluster: 4096, Free: 1 << 40}, nil
		},
	}), d
}

func TestDiff(t *testing.T) {
	t.Parallel()
	services := shelved(t, channeltest.New())
	next, drive := channeltest.Next(), t.TempDir()
	if err := next.Write(drive); err != nil {
		t.Fatal(err)
	}
	diff := func(t *testing.T, path string) (service.Diff, error) {
		t.Helper()
		return services.Sources.Diff(t.Context(), teacher, next.ID, path)
	}

	t.Run("the differences are counted and named, with what they cost", func(t *testing.T) {
		t.Parallel()
		got, err := diff(t, drive)
		if err != nil {
			t.Fatal(err)
		}
		maker := wire.NewMaker(nil, nil, "en")
		detail := maker.DiffDetail(got)
		if detail.FromVersion != 3 || detail.ToVersion != 4 || detail.New != 1 || detail.Updated != 1 || detail.Deleted != 2 || detail.Changed != 1 {
			t.Errorf("counts are %+v", detail.Diff)
		}
		if detail.Bytes == 0 || detail.NewBytes == 0 || detail.UpdatedResources[0].Title != channeltest.Video || detail.ChangedResources[0].Title != channeltest.RenamedAudio {
			t.Errorf("the detail is %+v", detail)
		}
		for name, part := range map[string]struct {
			count int
			named []wire.Named
		}{
			"new": {detail.New, detail.NewResources}, "updated": {detail.Updated, detail.UpdatedResources},
			"deleted": {detail.Deleted, detail.DeletedResources}, "changed": {detail.Changed, detail.ChangedResources},
		} {
			if part.count != len(part.named) {
				t.Errorf("of %d that are %s there are named %v", part.count, name, part.named)
			}
		}
		// The old video and the document are of no use any more.
		if detail.UnusedFiles == 0 || detail.UnusedBytes == 0 {
			t.Errorf("unused are %d files of %d bytes", detail.UnusedFiles, detail.UnusedBytes)
		}
	})

	t.Run("a description is a difference", func(t *testing.T) {
		t.Parallel()
		same, drive := channeltest.New(channeltest.Version(4)), t.TempDir()
		if err := same.Write(drive); err != nil {
			t.Fatal(err)
		}
		channeltest.Break(t, same, drive, channeltest.Exec("UPDATE content_contentnode SET description = 'new words' WHERE title = '"+channeltest.App+"'"))
		got, err := diff(t, drive)
		if err != nil || got.ChangedCount != 1 || len(got.Unused) != 0 {
			t.Errorf("%d changed, unused %v, %v", got.ChangedCount, got.Unused, err)
		}
	})

	t.Run("a column that only the new generation has is none", func(t *testing.T) {
		t.Parallel()
		later, drive := channeltest.New(channeltest.Version(4), channeltest.Schema(3)), t.TempDir()
		if err := later.Write(drive); err != nil {
			t.Fatal(err)
		}
		if got, err := diff(t, drive); err != nil || got.ChangedCount != 0 {
			t.Errorf("%d changed, %v", got.ChangedCount, err)
		}
	})

	t.Run("an older version is refused, the same brings nothing", func(t *testing.T) {
		t.Parallel()
		for version, want := range map[int64]fault.Code{2: fault.OlderVersion, 3: ""} {
			c, drive := channeltest.Make(t, channeltest.Version(version))
			got, err := services.Sources.Diff(t.Context(), teacher, c.ID, drive)
			if fault.CodeOf(err) != want || got.NewCount+got.UpdatedCount+got.DeletedCount+got.ChangedCount != 0 {
				t.Errorf("version %d: %v, %+v", version, err, got.Difference)
			}
		}
	})

	t.Run("a channel that is not here has no other version", func(t *testing.T) {
		t.Parallel()
		_, err := services.Sources.Diff(t.Context(), teacher, channel.ID("ffffffffffffffffffffffffffffffff"), drive)
		if fault.CodeOf(err) != fault.ChannelNotHere {
			t.Errorf("it says %v", err)
		}
	})
}
