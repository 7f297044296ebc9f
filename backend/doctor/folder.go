package doctor

import (
	"context"
	"os"
	"strings"
	"time"

	"nectar/backend/datadir"
	"nectar/backend/drive"
	"nectar/backend/fault"
	"nectar/backend/store"
)

func (p Patient) folder(context.Context) Finding {
	path := p.Folder.Path()
	info, err := os.Stat(path)
	switch {
	case os.IsNotExist(err):
		return found("folder", Good, "to_come", "path", path)
	case err != nil || !info.IsDir():
		return found("folder", Bad, "none", "path", path)
	case !drive.Writable(path):
		return found("folder", Bad, "read_only", "path", path)
	}
	return found("folder", Good, "here", "path", path)
}

// The sizes of room, in bytes.
const (
	tight = 250e6 // what an import leaves free
	ample = 2e9
)

func (p Patient) space(context.Context) Finding {
	free, total, err := drive.Space(p.Folder.Path())
	switch {
	case err != nil:
		return found("space", Warning, "unknown", "reason", err)
	case free < tight:
		return found("space", Bad, "none", "free", free, "total", total)
	case free < ample:
		return found("space", Warning, "little", "free", free, "total", total)
	}
	return found("space", Good, "enough", "free", free, "total", total)
}

func (p Patient) fileSystem(context.Context) Finding {
	name, err := drive.FileSystemOf(p.Folder.Path())
	kind := strings.ToLower(name)
	switch {
	case err != nil || name == "":
		return found("file_system", Warning, "unknown")
	case kind == "vfat" || kind == "msdos" || kind == "fat" || kind == "fat32":
		return found("file_system", Warning, "fat", "kind", name)
	case strings.HasPrefix(kind, "nfs") || kind == "cifs" || kind == "smb3" || kind == "smbfs" || kind == "9p":
		return found("file_system", Warning, "network", "kind", name)
	}
	return found("file_system", Good, "is", "kind", name)
}

func (p Patient) owner(context.Context) Finding {
	if pid, since, held := p.Folder.Holder(); held {
		return found("owner", Good, "process", "pid", pid).naming("since", since)
	}
	return found("owner", Good, "nobody")
}

func (p Patient) database(ctx context.Context) Finding {
	if err := p.Pending(ctx); err != nil {
		f := fault.Of(err)
		return found("database", Bad, "set_aside", "path", f.Params["path"], "backup", f.Params["backup"])
	}
	path := p.Folder.Database()
	if !datadir.Exists(p.Folder.Path()) {
		return found("database", Good, "to_come")
	}
	st, err := store.OpenToRead(ctx, path, store.Options{})
	if err == nil {
		defer func() { _ = st.Close() }()
		var size, unused int64
		if size, unused, err = st.Slack(ctx); err == nil {
			return found("database", Good, "here", "size", size, "unused", unused)
		}
	}
	switch fault.CodeOf(err) {
	case fault.DamagedData:
		return found("database", Bad, "damaged", "path", path)
	case fault.NewerData:
		return found("database", Bad, "newer", "path", path)
	case fault.ForeignData:
		return found("database", Bad, "foreign", "path", path)
	default:
		return found("database", Bad, "unreadable", "path", path)
	}
}

// stale is how old the last backup may be. They are made daily, on the days
// on which the laptop is on.
const stale = 14 * 24 * time.Hour

func (p Patient) backups(context.Context) Finding {
	count, last, err := p.Backups()
	switch {
	case err != nil:
		return found("backups", Warning, "unknown", "reason", err)
	case count == 0:
		return found("backups", Warning, "none")
	}
	if p.Now().Sub(last) > stale {
		return found("backups", Warning, "old", "count", count).naming("made", last)
	}
	return found("backups", Good, "here", "count", count).naming("made", last)
}
