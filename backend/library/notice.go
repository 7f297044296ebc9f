package library

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"nectar/backend/channel"
	"nectar/backend/channel/selection"
	"nectar/backend/store"
)

// settled is how old the last change of a folder must be before its time tells
// anything: within one tick of the file system another may follow unseen. FAT
// has the longest.
const settled = 3 * time.Second

// Notice finds the verified files that have vanished from the content folder,
// or lie there with another size or time. They are no longer counted as here
// when it answers. It looks at the times of the folders of the storage, and at
// the files of those that changed since the last time.
func (l *Library) Notice(ctx context.Context) error { return l.notice(ctx, false) }

// NoticeAll is Notice with a look at every verified file. It finds also what
// was written over in its place, which no folder tells.
func (l *Library) NoticeAll(ctx context.Context) error { return l.notice(ctx, true) }

// NoticeIn is NoticeAll for the files of one channel.
func (l *Library) NoticeIn(ctx context.Context, tree *selection.Tree) error {
	l.noticing.Lock()
	defer l.noticing.Unlock()
	if l.Place().Former != "" {
		return nil
	}
	ours := map[channel.Checksum]bool{}
	for i := range tree.Len() {
		for file := range tree.Files(i) {
			ours[file.Checksum] = true
		}
	}
	return l.lookAt(ctx, func(f store.VerifiedFile) bool { return ours[f.Checksum] })
}

func (l *Library) notice(ctx context.Context, all bool) error {
	l.noticing.Lock()
	defer l.noticing.Unlock()
	if l.Place().Former != "" || !isContent(l.Content()) {
		return nil // just moved, or the whole folder is away, and comes back perhaps
	}
	seen, err := l.store.SeenFolders(ctx)
	if err != nil {
		return err
	}
	now := l.folders()
	changed := map[string]bool{}
	for name, modified := range now {
		if all || seen[name] != modified {
			changed[name] = true
		}
	}
	for name := range seen {
		if _, there := now[name]; !there {
			changed[name] = true
		}
	}
	if len(changed) == 0 {
		return nil
	}
	err = l.lookAt(ctx, func(f store.VerifiedFile) bool {
		folder := folderOf(f.Checksum)
		_, exists := now[folder]
		return !exists || changed[folder]
	})
	if err != nil {
		return err
	}
	edge := time.Now().Add(-settled).UnixNano()
	for name, modified := range now {
		if modified > edge {
			delete(now, name)
		}
	}
	// It only spares work: a process that may not write looks again next time.
	_ = l.store.RememberFolders(ctx, now)
	return nil
}

// folders answers the folders of the storage with the time of their last
// change.
func (l *Library) folders() map[string]int64 {
	const digits = "0123456789abcdef"
	folders := map[string]int64{}
	for _, first := range digits {
		for _, second := range digits {
			name := string(first) + "/" + string(second)
			if info, err := os.Stat(filepath.Join(l.Content(), "storage", filepath.FromSlash(name))); err == nil && info.IsDir() {
				folders[name] = info.ModTime().UnixNano()
			}
		}
	}
	return folders
}

// folderOf answers the folder of the storage that a file lies in.
func folderOf(c channel.Checksum) string {
	const digits = "0123456789abcdef"
	return string(digits[c[0]>>4]) + "/" + string(digits[c[0]&15])
}

// lookAt looks at the verified files that the function chooses.
func (l *Library) lookAt(ctx context.Context, chosen func(store.VerifiedFile) bool) error {
	files, err := l.store.AllVerifiedFiles(ctx)
	if err != nil {
		return err
	}
	var suspects []channel.Checksum
	for f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if chosen(f) && l.look(f) != whole {
			suspects = append(suspects, f.Checksum)
		}
	}
	return l.doubt(ctx, suspects)
}

// state is how a verified file is found.
type state int

const (
	whole state = iota // as it was when it was verified
	gone
	touched  // of another time: its bytes have to be read again
	replaced // of another length: it cannot be the file
)

func (l *Library) look(f store.VerifiedFile) state {
	info, err := lstatFile(f.In(l.Content()))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return gone
	case err != nil:
		return whole // nothing is known
	case info.Size() != f.Size:
		return replaced
	case info.ModTime().UnixNano() != f.Modified:
		return touched
	}
	return whole
}

// doubt takes files out that were found changed. It looks once more by what is
// remembered now: an import may have just brought them anew.
func (l *Library) doubt(ctx context.Context, suspects []channel.Checksum) error {
	if len(suspects) == 0 {
		return nil
	}
	records, err := l.store.VerifiedFiles(ctx, suspects)
	if err != nil {
		return err
	}
	var lost []store.LostFile
	var unverified []channel.Checksum
	for checksum, record := range records {
		switch l.look(record) {
		case whole:
			continue
		case touched:
			unverified = append(unverified, checksum)
		case gone, replaced:
			lost = append(lost, store.LostFile{LocalFile: record.LocalFile, Damaged: l.look(record) == replaced})
		}
		l.unsaid.Store(checksum, struct{}{})
	}
	if err := l.lose(ctx, lost, unverified); err != nil {
		return nil //nolint:nilerr // a process that may not write keeps it in mind
	}
	l.unsaid.Clear()
	return nil
}

func (l *Library) lose(ctx context.Context, lost []store.LostFile, unverified []channel.Checksum) error {
	if _, err := l.store.LoseFiles(ctx, lost); err != nil {
		return err
	}
	if len(unverified) == 0 {
		return nil
	}
	if err := l.store.ForgetFiles(ctx, unverified); err != nil {
		return err
	}
	return l.store.ForgetChannels(ctx)
}

// doubtful reports whether files are known to be gone that the memory has as
// verified, so that its digests are wrong.
func (l *Library) doubtful() bool {
	doubtful := false
	l.unsaid.Range(func(_, _ any) bool {
		doubtful = true
		return false
	})
	return doubtful
}
