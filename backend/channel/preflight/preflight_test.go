package preflight_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nectar/backend/channel"
	"nectar/backend/channel/preflight"
	"nectar/backend/channel/selection"
	"nectar/backend/fault"
	"nectar/backend/task"
)

// files are four files: one is on the disk, one is not at the source, one is
// over 4 GiB, and one is to be copied.
func files() (chosen *selection.Selection, ask preflight.Ask) {
	chosen = &selection.Selection{Resources: 4}
	for i, size := range []int64{1000, 2000, 5 << 30, 5000} {
		f := selection.File{LocalFile: channel.LocalFile{Checksum: channel.Checksum{byte(i)}, Extension: "mp4", Size: size}, Title: "Lesson"}
		chosen.Files = append(chosen.Files, f)
		chosen.Bytes += size
	}
	return chosen, preflight.Ask{
		Chosen:   chosen,
		Disk:     preflight.Disk{Path: "/media/stick", FileSystem: "vfat", Cluster: 32 << 10, Free: 1 << 20},
		Present:  func(f channel.LocalFile) bool { return f.Checksum[0] == 0 },
		Supplied: func(c channel.Checksum) bool { return c[0] != 1 },
	}
}

func TestLook(t *testing.T) {
	t.Parallel()

	t.Run("each file is counted for what becomes of it", func(t *testing.T) {
		t.Parallel()
		chosen, ask := files()
		got := preflight.Look(ask)
		want := preflight.Answer{
			Resources: 4, Files: 4, Bytes: chosen.Bytes, PresentFiles: 1, PresentBytes: 1000, MissingFiles: 1, MissingBytes: 2000,
			Forbidden: []preflight.Forbidden{{File: chosen.Files[2], Limit: 4<<30 - 1}},
			Copied:    5000, Needed: 32 << 10, Disk: ask.Disk,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("answer (-want +got):\n%s", diff)
		}
		if fault.CodeOf(got.Err()) != fault.FileTooLarge {
			t.Errorf("it says %v", got.Err())
		}
	})

	t.Run("what others will write counts, and what nobody knows of the source does not", func(t *testing.T) {
		t.Parallel()
		_, ask := files()
		ask.Disk.FileSystem, ask.Disk.Cluster, ask.Supplied = "exfat", 0, nil
		ask.Disk.Free = 6 << 30
		if got := preflight.Look(ask); got.MissingFiles != 0 || got.Needed != 4096+5<<30+8192 || got.Err() != nil {
			t.Errorf("answer is %+v, %v", got, got.Err())
		}
		ask.Disk.Queued = 1 << 30
		got := preflight.Look(ask)
		if f := fault.Of(got.Err()); got.Fits() || f.Code != fault.DiskFull || f.Params["free"] != int64(5<<30) {
			t.Errorf("answer is %+v, %v", got, got.Err())
		}
	})

	t.Run("the room of what comes beside the files counts", func(t *testing.T) {
		t.Parallel()
		_, ask := files()
		ask.Beside = 7
		if got := preflight.Look(ask); got.Needed != 32<<10+7 {
			t.Errorf("it needs %d bytes", got.Needed)
		}
	})
}

func TestQueued(t *testing.T) {
	t.Parallel()
	job := func(state task.State, needed string, change ...func(*task.Job)) task.Job {
		j := task.Job{Task: "content.diskimport", State: state, Metadata: json.RawMessage(needed)}
		for _, c := range change {
			c(&j)
		}
		return j
	}
	jobs := []task.Job{
		job(task.Queued, `{"needed_bytes": 100}`),
		job(task.Paused, `{"needed_bytes": 20}`),
		job(task.Running, `{"needed_bytes": 9}`, func(j *task.Job) { j.Progress, j.Total = 30, 35 }), // 5 are left
		job(task.Running, `{"needed_bytes": 3}`, func(j *task.Job) { j.Progress, j.Total = 0, 35 }),  // much is there already
		job(task.Scheduled, `{"needed_bytes": 1000}`),
		job(task.Scheduled, `{"needed_bytes": 50000}`, func(j *task.Job) { j.Schedule.Cron = "@daily" }),
		job(task.Completed, `{"needed_bytes": 50000}`),
		job(task.Queued, `{}`),
		job(task.Queued, `{"needed_bytes": 50000}`, func(j *task.Job) { j.Task = "content.export" }),
	}
	if got := preflight.Queued(jobs, preflight.Imports); got != 1128 {
		t.Errorf("they will write %d bytes", got)
	}
}
