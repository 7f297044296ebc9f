package backend

import (
	"context"
	"io"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"time"

	"nectar/backend/atomicfile"
	"nectar/backend/backup"
	"nectar/backend/config"
	"nectar/backend/datadir"
	"nectar/backend/diagnostics"
	"nectar/backend/doctor"
	"nectar/backend/drive"
	"nectar/backend/fault"
	"nectar/backend/launcher"
	"nectar/backend/library"
	"nectar/backend/store"
	"nectar/backend/task"
)

// patient answers the laptop as a doctor sees it.
func patient(folder *datadir.Dir) doctor.Patient {
	shelf := backup.Of(folder, nil)
	return doctor.Patient{
		Folder:  folder,
		Pending: shelf.Pending,
		Backups: func() (int, time.Time, error) {
			all, err := shelf.List()
			if err != nil || len(all) == 0 {
				return 0, time.Time{}, err
			}
			return len(all), all[0].Made, nil
		},
		Window: missingWindow,
		Drives: drive.List,
		Now:    time.Now,
	}
}

// missingWindow answers what a window lacks here: "build" when neither this
// program nor the one beside it has one, "parts" when that one needs what is not
// installed, "display" when there is no screen.
func missingWindow(ctx context.Context) string {
	if !config.HasWindow {
		program, err := launcher.Program()
		if err != nil {
			return "build"
		}
		if launcher.Check(ctx, program) != nil {
			return "parts"
		}
	}
	if runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return "display"
	}
	return ""
}

// diagnosticsEnding is that of the files which diagnostics may replace.
const diagnosticsEnding = ".zip"

// diagnose writes what may interest whoever helps to a file. Where the
// database cannot be opened there is no store, and its part is left out.
func diagnose(ctx context.Context, folder *datadir.Dir, st *store.Store, path string) error {
	if err := fault.Invalid(atomicfile.RefuseTarget("path", path, diagnosticsEnding)...); err != nil {
		return err
	}
	c := diagnostics.Case{
		Folder: folder.Path(), Logs: folder.Logs(), Names: namesHere(ctx), Now: time.Now(),
		Documents: map[string]any{
			"about.json":  about(),
			"doctor.json": patient(folder).Examine(ctx),
		},
	}
	if st != nil {
		if err := describe(ctx, &c, folder, st); err != nil {
			return err
		}
	}
	return atomicfile.Stream(path, 0o600, func(to io.Writer) error { return c.Write(ctx, to) })
}

func about() map[string]any {
	return map[string]any{
		"version": config.Version, "go": runtime.Version(), "system": runtime.GOOS, "architecture": runtime.GOARCH,
		"processors": runtime.NumCPU(), "time": time.Now().UTC(),
	}
}

// namesHere answers the names of this machine, of who uses it, and of what is
// plugged in.
func namesHere(ctx context.Context) []string {
	var names []string
	if host, err := os.Hostname(); err == nil {
		names = append(names, host)
	}
	if me, err := user.Current(); err == nil {
		names = append(names, me.Username, me.Name, filepath.Base(me.HomeDir))
	}
	drives, err := drive.List(ctx)
	if err != nil {
		return names // they are named by their paths then, which are removed too
	}
	for _, d := range drives {
		names = append(names, d.Name)
	}
	return names
}

// failed is how many of the last failed jobs are described.
const failed = 50

// describe adds what the database knows: settings, counts of jobs, and why the
// last ones failed.
func describe(ctx context.Context, c *diagnostics.Case, folder *datadir.Dir, st *store.Store) error {
	roll, err := st.Roll(ctx)
	if err != nil {
		return err
	}
	for _, p := range roll.Members {
		c.Names = append(c.Names, p.Name)
	}
	lib, err := library.Open(folder.ContentRecord(), folder.Content(), st)
	if err != nil {
		return err
	}
	channels, err := lib.Channels(ctx)
	if err != nil {
		return err
	}
	for _, ch := range channels {
		c.Names = append(c.Names, ch.Name)
	}
	if c.Documents["settings.json"], err = st.Settings(ctx); err != nil {
		return err
	}
	everything := task.Readable{All: true}
	listed, err := st.List(ctx, task.Filter{States: []task.State{task.Failed}, Readable: everything}, task.Page{Limit: failed})
	if err != nil {
		return err
	}
	counts := map[string]int64{}
	for state, n := range listed.Counts {
		counts[state.String()] = n
	}
	failures := make([]map[string]any, 0, len(listed.Jobs))
	for i := range listed.Jobs {
		failures = append(failures, failureOf(&listed.Jobs[i]))
	}
	c.Documents["jobs.json"] = map[string]any{"counts": counts, "failed": failures, "channels": len(channels), "people": len(roll.Members)}
	return nil
}

// failureOf says why a job failed, without what it was asked to do.
func failureOf(j *task.Job) map[string]any {
	f := map[string]any{"id": j.ID, "task": j.Task, "attempts": j.Attempts, "finished": j.Finished}
	if j.Failure != nil {
		f["code"], f["detail"] = j.Failure.Code, j.Failure.Detail
	}
	return f
}
