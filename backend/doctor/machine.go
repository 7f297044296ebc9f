package doctor

import (
	"context"
	"runtime"
	"strings"
	"time"

	"github.com/samber/lo"

	"nectar/backend/drive"
	"nectar/backend/sqlitedb"
	"nectar/backend/task"
)

func (p Patient) system(context.Context) Finding {
	return found("system", Good, "is", "system", runtime.GOOS, "architecture", runtime.GOARCH,
		"count", runtime.NumCPU(), "sqlite", sqlitedb.LibraryVersion())
}

func (p Patient) clock(context.Context) Finding {
	now := p.Now()
	if now.Before(task.Earliest) {
		return found("clock", Bad, "wrong").naming("time", now)
	}
	return found("clock", Good, "says").naming("time", now)
}

func (p Patient) window(ctx context.Context) Finding {
	if missing := p.Window(ctx); missing != "" {
		return found("window", Warning, "no_"+missing)
	}
	return found("window", Good, "opens")
}

// drivesLimit is how long the list of drives may take.
const drivesLimit = 10 * time.Second

func (p Patient) drives(ctx context.Context) Finding {
	ctx, cancel := context.WithTimeout(ctx, drivesLimit)
	defer cancel()
	drives, err := p.Drives(ctx)
	if err != nil {
		return found("drives", Warning, "unknown", "reason", err)
	}
	removable := lo.Filter(drives, func(d drive.Drive, _ int) bool { return d.Removable })
	if len(removable) == 0 {
		return found("drives", Good, "none")
	}
	names := lo.Map(removable, func(d drive.Drive, _ int) string { return d.Name + " (" + d.Path + ")" })
	return found("drives", Good, "here", "count", len(removable), "names", strings.Join(names, ", "))
}
