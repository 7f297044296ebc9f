package content_test

import (
	"bytes"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"nectar/backend/auth"
	"nectar/backend/channel"
	"nectar/backend/channel/channeltest"
	"nectar/backend/library"
	"nectar/backend/task"
)

// enqueueTask makes a job of a task by its name, as a person's request does.
func (l *laptop) enqueueTask(name string, request map[string]any) task.ID {
	l.t.Helper()
	definition, _ := l.registry.Lookup(name)
	args, metadata, err := definition.Validate(l.t.Context(), auth.Program(), request)
	must(l.t, err)
	stored, err := l.Enqueue(l.t.Context(), task.NewJob{Task: definition, Args: args, Metadata: metadata})
	must(l.t, err)
	return stored.First().ID
}

// A deletion forgets files before it removes them. A check that comes between takes
// none of them for what somebody has copied there, neither a whole one nor a damaged
// one, which it would have repaired.
func TestACheckLeavesWhatADeletionIsAboutToRemove(t *testing.T) {
	t.Parallel()
	l, s := newLaptop(t), serve(t)
	l.ends(l.enqueueRemote(s, nil), task.Completed)
	removal, err := l.library.PlanRemoval(t.Context(), library.RemovalRequest{Channel: s.channel.ID})
	must(t, err)
	first, damaged := removal.Files[0], removal.Files[1]
	release, err := l.claims.Hold(t.Context(), first.In(l.content))
	must(t, err)
	deletion := l.enqueueTask("content.delete", map[string]any{"channel_id": string(s.channel.ID)})
	l.forgets(t, first)

	must(t, os.Remove(first.In(l.content))) // the check need not wait for it
	must(t, os.WriteFile(damaged.In(l.content), make([]byte, damaged.Bytes), 0o600))
	check := l.ends(l.enqueueTask("content.verify", map[string]any{"repair_from": s.URL}), task.Completed)
	if check.Problems != 0 {
		t.Errorf("it has %d problems", check.Problems)
	}
	release()
	l.ends(deletion, task.Completed)
	if files, temporary := l.stored(); len(files)+len(temporary) != 0 {
		t.Errorf("of the deleted channel %d of %d files are left", len(files), len(removal.Files))
	}
	records, err := l.store.VerifiedChecksums(t.Context())
	must(t, err)
	lost, err := l.store.LostFiles(t.Context())
	must(t, err)
	if len(records)+len(lost) != 0 {
		t.Errorf("%d files of the deleted channel are remembered, %d as lost", len(records), len(lost))
	}
}

// forgets waits until the file is not remembered.
func (l *laptop) forgets(t *testing.T, file library.Removable) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-look.C {
		records, err := l.store.VerifiedChecksums(t.Context())
		must(t, err)
		if _, remembered := records[file.Checksum]; !remembered {
			return
		}
	}
	t.Fatalf("%s stays remembered", file.Name())
}

// What a check found right is remembered with others, some time after: not what was
// removed meanwhile.
func TestACheckRemembersNothingThatWasRemovedMeanwhile(t *testing.T) {
	t.Parallel()
	l, c := newLaptop(t), channeltest.New()
	l.has(c)
	_, wanted := c.Wanted(c.Root)
	files := slices.SortedFunc(maps.Values(wanted), func(a, b channel.LocalFile) int { return bytes.Compare(a.Checksum[:], b.Checksum[:]) })
	first, last := files[0], files[len(files)-1]
	must(t, l.store.ForgetFiles(t.Context(), []channel.Checksum{first.Checksum})) // as one that was copied by hand
	release, err := l.claims.Hold(t.Context(), last.In(l.content))
	must(t, err)
	check := l.enqueueTask("content.verify", map[string]any{})
	l.until(check, "comes to the last file", func(j task.Job) bool {
		live := l.Live(j)
		return live.Total > 0 && live.Progress == live.Total-last.Size
	})
	must(t, os.Remove(first.In(l.content)))
	release()
	l.ends(check, task.Completed)
	records, err := l.store.VerifiedChecksums(t.Context())
	must(t, err)
	if _, remembered := records[first.Checksum]; remembered || len(records) != len(files)-1 {
		t.Errorf("%d of %d files are remembered, that which is gone: %v", len(records), len(files), remembered)
	}
}
