package content

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"nectar/backend/channel"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
	"nectar/backend/drive"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// ImportResult is what an import did.
type ImportResult struct {
	FilesCopied    int   `json:"files_copied"`
	BytesCopied    int64 `json:"bytes_copied"`
	FilesPresent   int   `json:"files_present"`
	FilesFailed    int   `json:"files_failed"`
	ResourcesAdded int   `json:"resources_added"`
}

// importer is one attempt of an import.
type importer struct {
	Deps

	run     *task.Run
	id      channel.ID
	choice  Choice
	origin  origin
	workers int // files at a time; 0 for what suits a drive
	from    source.Source
	moved   atomic.Int64 // bytes of files that this attempt brought
	changed bool         // the database or a file may not be as it was
	first   bool         // nothing of the channel was here
	brought brought      // files that this attempt had remembered

	foreseen *foreseen // nil when nobody has looked ahead
	leftOut  int       // files that the source was never given

	// Trees, so that each database is read once; nil when not known.
	theirTree *selection.Tree // of the database that was fetched
	tree      *selection.Tree // of the one that is here
}

// fromDrive is an attempt of an import from a drive, a folder or the sample.
func fromDrive(deps Deps, run *task.Run, args ImportArgs) *importer {
	return &importer{Deps: deps, run: run, id: channel.ID(args.ChannelID), choice: args.Choice, origin: &driveOrigin{deps, run, args}}
}

// fromServer is an attempt of an import from a server or from Studio.
func fromServer(deps Deps, run *task.Run, args RemoteArgs) *importer {
	return &importer{
		Deps: deps, run: run, id: channel.ID(args.ChannelID), choice: args.Choice, workers: serverWorkers,
		origin: &serverOrigin{Deps: deps, run: run, args: args},
	}
}

// importChannel brings the channel's database and then its files. Whatever
// ends it, the files that were verified stay and the library knows them.
func (i *importer) importChannel(ctx context.Context) (_ ImportResult, err error) {
	if i.from, err = i.origin.open(ctx); err != nil {
		return ImportResult{}, err
	}
	before, err := i.before(ctx)
	if err != nil {
		return ImportResult{}, err
	}
	i.first = before.ID == ""
	theirs, err := i.theirs(ctx, before)
	if err != nil {
		return ImportResult{}, i.origin.await(err, false)
	}
	defer func() { theirs.leave(ctx, err != nil && theirs.Version > before.Version) }()
	i.changed = theirs.path != ""
	i.run.SetMetadata("channel_name", theirs.Name)
	i.run.SetMetadata("channel_version", theirs.Version)
	result, failed := i.bring(ctx, theirs.path, theirs.Metadata, before)
	after := before
	if i.changed {
		after, err = i.Library.RefreshFrom(context.WithoutCancel(ctx), i.id, i.seen(i.tree))
	}
	result.ResourcesAdded = i.added(ctx, before, after)
	switch {
	case failed != nil:
		return result, i.origin.await(failed, i.moved.Load() > 0)
	case err != nil:
		return result, err
	}
	if err := i.tellUsable(ctx, result); err != nil {
		return result, err
	}
	if i.choice.FailOnError && result.FilesFailed > 0 {
		return result, fault.New(fault.ItemsFailed, "count", result.FilesFailed)
	}
	return result, nil
}

// tellUsable notes how many of the chosen resources can be opened when not all of
// their files came: as the library counts them, whether or not a file of theirs is
// missing that can be done without.
func (i *importer) tellUsable(ctx context.Context, result ImportResult) error {
	kept, err := i.run.Kept()
	if err != nil || result.FilesFailed+len(kept)+i.leftOut == 0 {
		return err
	}
	if err := i.readTree(ctx); err != nil {
		return err
	}
	options := i.options()
	if options.Here, err = i.Library.Here(ctx); err != nil {
		return err
	}
	usable, _, err := i.tree.Measure(options)
	if err == nil {
		i.run.SetMetadata(usableResources, usable)
	}
	return err
}

// added answers how many resources came to the channel, and has it remembered. An
// import does not fail for that.
func (i *importer) added(ctx context.Context, before, after library.Channel) int {
	added := max(after.AvailableResources-before.AvailableResources, 0)
	if err := i.Library.Arrived(context.WithoutCancel(ctx), i.id, added, i.run.Job()); err != nil {
		i.run.Warn("that %d resources came is not remembered: %v", added, err)
	}
	return added
}

// before answers what of the channel was here, if anything.
func (i *importer) before(ctx context.Context) (library.Channel, error) {
	here, err := i.Library.Channel(ctx, i.id)
	if fault.CodeOf(err) == fault.ChannelNotHere {
		return library.Channel{}, nil
	}
	return here, err
}

func (i *importer) bringFiles(ctx context.Context) (ImportResult, error) {
	whole, is, err := i.isWhole(ctx)
	if err != nil {
		return ImportResult{}, err
	}
	if is {
		i.announce(whole.Resources, whole.Bytes)
		return i.carryOut(ctx, transfer.Plan{PresentFiles: whole.Files, PresentBytes: whole.OnDisk})
	}
	if err := i.readTree(ctx); err != nil {
		return ImportResult{}, err
	}
	if i.choice.MetadataOnly {
		resources, bytes, err := i.tree.Measure(i.options())
		i.announce(resources, bytes)
		return ImportResult{}, err
	}
	if i.foreseen != nil {
		return i.bringChosen(ctx, i.foreseen.chosen)
	}
	chosen, err := i.chosen(ctx, i.tree)
	if err != nil {
		return ImportResult{}, err
	}
	return i.bringChosen(ctx, chosen)
}

// readTree reads the tree of the channel that is here, where nobody has.
func (i *importer) readTree(ctx context.Context) (err error) {
	if i.tree == nil {
		i.tree, err = i.Library.Tree(ctx, i.id)
	}
	return err
}

// isWhole reports whether the whole channel is asked for and is here already.
func (i *importer) isWhole(ctx context.Context) (library.Whole, bool, error) {
	c := i.choice
	if c.NodeIDs != nil || c.ExcludeNodeIDs != nil || c.allFiles() || c.MetadataOnly {
		return library.Whole{}, false, nil
	}
	if _, alone, err := i.run.Problems(); err != nil || alone {
		return library.Whole{}, false, err
	}
	whole, is, err := i.Library.Whole(ctx, i.id)
	i.changed = i.changed || !is // so that it is known the next time
	return whole, is, err
}

// announce notes what of the channel was chosen.
func (i *importer) announce(resources int, bytes int64) {
	i.run.SetMetadata("incomplete_resources", 0) // an earlier attempt may have said otherwise
	i.run.SetMetadata(leftOutFiles, i.leftOut)
	i.run.SetMetadata("total_resources", resources)
	i.run.SetMetadata("file_size", bytes)
}

// bringChosen brings the files of a selection.
func (i *importer) bringChosen(ctx context.Context, chosen *selection.Selection) (ImportResult, error) {
	i.announce(chosen.Resources, chosen.Bytes)
	if i.leftOut > 0 {
		i.run.Info("%d files of the channel were never copied to the drive, and are left out", i.leftOut)
	}
	fileSystem, _ := drive.FileSystemOf(i.Library.Content()) // unknown, it forbids nothing
	if err := allowed(chosen, fileSystem, i.Library.Content()); err != nil {
		return ImportResult{}, err
	}
	plan, err := i.planFor(ctx, chosen)
	if err != nil {
		return ImportResult{}, err
	}
	return i.carryOut(ctx, plan)
}

// carryOut does what the plan says.
func (i *importer) carryOut(ctx context.Context, plan transfer.Plan) (ImportResult, error) {
	i.changed = i.changed || plan.CopyFiles+plan.CheckFiles > 0
	defer i.keepingTitles(ctx, plan).Wait()
	copied, err := i.copy(ctx, plan)
	if errors.Is(context.Cause(ctx), task.ErrCanceled) {
		plan.Discard(i.Claims)
	}
	return ImportResult{
		FilesCopied: copied.FilesCopied, BytesCopied: copied.BytesCopied,
		FilesPresent: copied.FilesPresent, FilesFailed: copied.FilesFailed,
	}, err
}

// keepingTitles keeps the titles of a channel whose database is in its place while its
// files come, for then the processor mostly waits for the disk. What goes wrong is said
// when they are kept in the end.
func (i *importer) keepingTitles(ctx context.Context, plan transfer.Plan) *sync.WaitGroup {
	var keeping sync.WaitGroup
	if i.tree != nil && plan.CopyFiles > 0 {
		keeping.Go(func() { _ = i.Library.KeepTitles(ctx, i.tree) })
	}
	return &keeping
}

// seen answers what this attempt knows of the channel whose tree is given; nil when
// nobody has read it.
func (i *importer) seen(tree *selection.Tree) library.Seen {
	return library.Seen{Tree: tree, Files: i.brought.take()}
}

// planFor answers what is to be done for a selection.
func (i *importer) planFor(ctx context.Context, chosen *selection.Selection) (transfer.Plan, error) {
	if ahead := i.foreseen; ahead != nil && ahead.chosen == chosen {
		i.foreseen = nil // the plan is as large as the tree
		return ahead.plan, nil
	}
	wanted, err := onlyFailed(i.run, chosen.Files)
	if err != nil {
		return transfer.Plan{}, err
	}
	plan, err := transfer.MakePlan(ctx, i.Library.Content(), wanted, index{i.Library.Files()}, nil)
	if err != nil {
		return transfer.Plan{}, err
	}
	if _, is := i.from.(source.Ranged); is {
		plan = plan.WithPartials()
	}
	return plan, nil
}

// copy does what the plan says. The progress begins with what is here.
func (i *importer) copy(ctx context.Context, plan transfer.Plan) (transfer.Result, error) {
	if plan.PresentFiles > 0 {
		i.run.Info("%d of %d files are here already", plan.PresentFiles, plan.PresentFiles+plan.CopyFiles+plan.CheckFiles)
	}
	here := plan.PresentBytes + plan.PartialBytes
	total := here + plan.Bytes()
	config, err := i.copying(i.run, here, total, &i.moved)
	if err != nil {
		return transfer.Result{}, err
	}
	config.Source, config.Content, config.Index = i.from, i.Library.Content(), noting{index{i.Library.Files()}, &i.brought}
	config.Workers, config.Resigned, config.Reserve = i.workers, i.origin.resigned(), i.Reserve
	i.brought.expect(plan.CopyFiles + plan.CheckFiles)
	return transfer.Run(ctx, config, plan)
}

// chosen answers the files that the arguments mean. Of a whole channel those are
// left out that the source was never given.
func (i *importer) chosen(ctx context.Context, tree *selection.Tree) (*selection.Selection, error) {
	chosen, err := tree.Select(i.options())
	if err != nil || i.choice.NodeIDs != nil {
		return chosen, err
	}
	i.leftOut, err = i.leaveOut(ctx, tree, chosen)
	return chosen, err
}

// options answers what of a channel the arguments mean.
func (i *importer) options() selection.Options {
	include, _ := nodes("node_ids", i.choice.NodeIDs) // checked when the job was created
	exclude, _ := nodes("exclude_node_ids", i.choice.ExcludeNodeIDs)
	return selection.Options{Include: include, Exclude: exclude, AllFiles: i.choice.allFiles()}
}
