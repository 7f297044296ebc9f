package content

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"sync/atomic"

	"nectar/backend/atomicfile"
	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/channel/manifest"
	"nectar/backend/channel/preflight"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/channel/source/disk"
	"nectar/backend/channel/transfer"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// ExportResult is what an export did.
type ExportResult struct {
	FilesCopied  int   `json:"files_copied"`
	BytesCopied  int64 `json:"bytes_copied"`
	FilesPresent int   `json:"files_present"`
	Resources    int   `json:"resources"` // that are there now, whole or in part
}

// exporter is one attempt of an export.
type exporter struct {
	Deps

	run   *task.Run
	args  ExportArgs
	place disk.Place
	here  library.Channel
	tree  *selection.Tree
	part  selection.Options // what was chosen

	failed int // files
}

// export brings the files and the database to the drive, and lists in its
// manifest what is there. Whatever ends it, what was written and read back
// stays and is listed.
func (e *exporter) export(ctx context.Context) (_ ExportResult, err error) {
	defer func() {
		err = e.explain(ctx, err)
		e.place.Release()
	}()
	id := channel.ID(e.args.ChannelID)
	chosen, err := e.prepare(ctx, id)
	if err != nil {
		return ExportResult{}, err
	}
	result, err := e.bring(ctx, id, chosen)
	listed, failed := e.list(context.WithoutCancel(ctx), id)
	result.Resources = listed
	if err == nil {
		err = failed
	}
	if err != nil {
		return result, err
	}
	if kept, err := e.run.Kept(); err != nil || e.failed > 0 || len(kept) > 0 {
		return result, err // whoever tries these again has the others still
	}
	return result, e.Exports.ForgetExported(context.WithoutCancel(ctx), e.run.Job().Number)
}

// prepare finds the place and what is to come there, and looks once more
// whether it may: the drive may have changed since the job was made.
func (e *exporter) prepare(ctx context.Context, id channel.ID) (*selection.Selection, error) {
	var err error
	if e.place, err = e.Places.Hold(ctx, e.args.Target, e.args.Path); err != nil {
		return nil, err
	}
	if _, err = e.target(e.place.Path); err != nil {
		return nil, err
	}
	if e.here, err = e.Library.Channel(ctx, id); err != nil {
		return nil, err
	}
	if err := e.checkVersion(ctx, e.place, e.here); err != nil {
		return nil, err
	}
	include, _ := nodes("node_ids", e.args.NodeIDs) // checked when the job was created
	exclude, _ := nodes("exclude_node_ids", e.args.ExcludeNodeIDs)
	chosen, tree, err := e.chosenHere(ctx, id, include, exclude)
	if err != nil {
		return nil, err
	}
	e.tree, e.part = tree, selection.Options{Include: include, Exclude: exclude, AllFiles: true}
	e.run.SetMetadata("incomplete_resources", 0) // an earlier attempt may have said otherwise
	e.run.SetMetadata("channel_name", nameOf(e.here))
	e.run.SetMetadata("channel_version", e.here.Version)
	e.run.SetMetadata("total_resources", chosen.Resources)
	e.run.SetMetadata("file_size", chosen.Bytes)
	for _, folder := range []string{"databases", "storage"} {
		at := filepath.Join(e.place.Content(), folder)
		if err := os.MkdirAll(at, 0o755); err != nil { //nolint:gosec // for whoever gets the drive
			return nil, atomicfile.Classify(err, at)
		}
	}
	if _, err := transfer.Sweep(ctx, e.place.Content(), e.Claims); err != nil {
		return nil, err
	}
	return chosen, nil
}

// bring copies the database and the files. Where an older version of the
// channel is, the database comes last, so that what is there stays whole until
// all of the new version is.
func (e *exporter) bring(ctx context.Context, id channel.ID, chosen *selection.Selection) (ExportResult, error) {
	wanted, err := onlyFailed(e.run, chosen.Files)
	if err != nil {
		return ExportResult{}, err
	}
	lost, err := e.reportLost(wanted)
	if err != nil {
		return ExportResult{}, err
	}
	content := e.place.Content()
	verified := exported{e.Exports, e.run.Job().Number}
	plan, err := transfer.MakePlan(ctx, content, wanted, verified, nil)
	if err != nil {
		return ExportResult{}, err
	}
	if err := allowed(chosen, e.place.FileSystem, e.place.Path); err != nil {
		return ExportResult{}, err
	}
	older, err := e.replaces(ctx, id)
	if err != nil {
		return ExportResult{}, err
	}
	database := func() error { return e.bringDatabase(ctx, id) }
	if !older {
		if err := database(); err != nil {
			return ExportResult{}, err
		}
	}
	config, err := e.copying(e.run, plan.PresentBytes, plan.PresentBytes+plan.Bytes(), &atomic.Int64{})
	if err != nil {
		return ExportResult{}, err
	}
	config.Source, config.Content, config.Index = e.own(), content, verified
	config.Reserve, config.ReadBack = -1, true
	report := config.OnProblem
	config.OnProblem = func(p transfer.Problem) {
		p.Err = e.known(p.Err)
		report(p)
	}
	copied, err := transfer.Run(ctx, config, plan)
	e.failed = copied.FilesFailed + lost
	result := ExportResult{FilesCopied: copied.FilesCopied, BytesCopied: copied.BytesCopied, FilesPresent: copied.FilesPresent}
	if err == nil && older {
		err = database()
	}
	return result, err
}

// allowed refuses files that the file system of a disk does not take.
func allowed(chosen *selection.Selection, fileSystem, path string) error {
	return preflight.Look(preflight.Ask{
		Chosen: chosen, Disk: preflight.Disk{Path: path, FileSystem: fileSystem},
		Present: func(channel.LocalFile) bool { return false },
	}).Allowed()
}

// reportLost reports the files that this attempt is to try again and that are not
// on this laptop any more: they stay problems. It answers how many.
func (e *exporter) reportLost(wanted []transfer.Item) (lost int, err error) {
	again, _, err := e.run.Problems()
	if err != nil {
		return 0, err
	}
	here := make(map[string]bool, len(wanted))
	for _, item := range wanted {
		here[item.Name()] = true
	}
	for _, p := range again {
		if !here[p.Item] {
			e.run.Problem(p)
			lost++
		}
	}
	return lost, nil
}

// replaces reports whether an older version of the channel is at the place.
func (e *exporter) replaces(ctx context.Context, id channel.ID) (bool, error) {
	there, known, err := versionAt(ctx, e.place, id)
	return known && there < e.here.Version, err
}

// bringDatabase copies the channel's database byte for byte, reads it back and
// gives it its name. One that is there already with the same bytes stays.
func (e *exporter) bringDatabase(ctx context.Context, id channel.ID) error {
	from, to := id.DatabaseIn(e.Library.Content()), id.DatabaseIn(e.place.Content())
	want, err := sumOf(ctx, from)
	if err != nil {
		return fmt.Errorf("read database: %w", err)
	}
	if there, err := sumOf(ctx, to); err == nil && there == want {
		return nil
	}
	release, err := e.Claims.Hold(ctx, to)
	if err != nil {
		return err
	}
	defer release()
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("read database: %w", err)
	}
	defer func() { _ = in.Close() }()
	if err := atomicfile.Write(to, source.Interruptible(ctx, in), 0o644); err != nil {
		return err
	}
	if there, err := transfer.ReadBack(ctx, to, nil); err != nil || there != want {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fault.New(fault.WriteDamaged, "title", nameOf(e.here), "file", filepath.Base(to)).Because(err)
	}
	return nil
}

// list writes into the manifest which part of the channel is at the place, and
// answers how many resources that is.
func (e *exporter) list(ctx context.Context, id channel.ID) (resources int, err error) {
	if err := e.Places.Reachable(ctx, e.args.Target, e.place.Path); err != nil {
		return 0, err
	}
	there, err := db.Open(ctx, id.DatabaseIn(e.place.Seen()), id, db.Quick)
	if err != nil {
		return 0, nil //nolint:nilerr // it was not brought yet, so there is nothing to list
	}
	version := there.Metadata().Version
	_ = there.Close()
	if version != e.here.Version {
		return 0, nil
	}
	if e.part.Here, err = e.verifiedThere(ctx); err != nil {
		return 0, err
	}
	chosen, err := e.tree.Select(e.part)
	if err != nil || chosen.Resources == 0 {
		return 0, err
	}
	shortest, err := e.tree.Shortest(e.part)
	if err != nil {
		return 0, err
	}
	replaced, err := manifest.Merge(e.place.Content(), manifest.Entry{ID: id, Version: version, Nodes: shortest})
	if replaced != nil {
		e.run.Warn("%v", e.known(replaced))
	}
	if err == nil {
		// A convenience, for want of which no export fails.
		if failed := e.place.WriteOpener(); failed != nil {
			e.run.Warn("%v", e.known(failed))
		}
	}
	return chosen.Resources, err
}

// verifiedThere tells which files this job has found right on the drive.
func (e *exporter) verifiedThere(ctx context.Context) (func(channel.Checksum) bool, error) {
	all, err := e.tree.Select(e.part)
	if err != nil {
		return nil, err
	}
	sums := make([]channel.Checksum, len(all.Files))
	for i, f := range all.Files {
		sums[i] = f.Checksum
	}
	found, err := e.Exports.ExportedFiles(ctx, e.run.Job().Number, sums)
	return func(c channel.Checksum) bool {
		_, ok := found[c]
		return ok
	}, err
}

// explain turns the error of an export whose drive was taken out into the wish
// to wait for it. Any other error stays what it is.
func (e *exporter) explain(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	err = e.known(err)
	path := e.args.Path
	if e.place.Path != "" {
		path = e.place.Path
	}
	gone := e.Places.Reachable(ctx, e.args.Target, path)
	need, waits := e.args.need()
	switch {
	case gone == nil && errors.Is(err, fs.ErrNotExist) && fault.CodeOf(err) == fault.Internal:
		return fault.New(fault.NoWrite, "path", path).Because(err)
	case gone == nil || fault.CodeOf(err) == fault.SourceMissing && !waits:
		return err
	case !waits:
		return gone
	}
	e.run.Warn("%v", err)
	return e.run.WaitFor(need)
}

// known says the path that people know in an error of the place, in which it is
// that by which the place is held.
func (e *exporter) known(err error) error {
	if err == nil || e.place.Says(err.Error()) == err.Error() {
		return err
	}
	f := *fault.Of(err)
	f.Params = maps.Clone(f.Params)
	for name, value := range f.Params {
		if text, is := value.(string); is {
			f.Params[name] = e.place.Says(text)
		}
	}
	if cause := f.Unwrap(); cause != nil {
		return f.Because(said{cause, e.place})
	}
	return &f
}

// said is a technical cause in the words of known.
type said struct {
	error

	place disk.Place
}

func (s said) Error() string { return s.place.Says(s.error.Error()) }

func (s said) Unwrap() error { return s.error }

// sumOf answers the MD5 of a file's bytes.
func sumOf(ctx context.Context, path string) (sum channel.Checksum, err error) {
	in, err := os.Open(path)
	if err != nil {
		return sum, err
	}
	defer func() { _ = in.Close() }()
	hash := md5.New()
	if _, err := io.Copy(hash, source.Interruptible(ctx, in)); err != nil {
		return sum, err
	}
	return channel.Checksum(hash.Sum(nil)), nil
}
