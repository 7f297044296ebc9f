package content

import (
	"context"
	"slices"
	"sync/atomic"

	"nectar/backend/channel"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
	"nectar/backend/channel/transfer"
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

	run  *task.Run
	args ImportArgs
	from source.Source
}

// importChannel brings the channel's database and then its files. Whatever
// ends it, the files that were verified stay and the library knows them.
func (i *importer) importChannel(ctx context.Context) (_ ImportResult, err error) {
	id := channel.ID(i.args.ChannelID)
	if i.from, err = i.open(ctx); err != nil {
		return ImportResult{}, err
	}
	before, err := i.before(ctx, id)
	if err != nil {
		return ImportResult{}, err
	}
	if err := i.bringDatabase(ctx, id); err != nil {
		return ImportResult{}, i.await(err)
	}
	result, failed := i.bringFiles(ctx, id)
	after, err := i.Library.Refresh(context.WithoutCancel(ctx), id)
	result.ResourcesAdded = max(after.AvailableResources-before.AvailableResources, 0)
	switch {
	case failed != nil:
		return result, i.await(failed)
	case err != nil:
		return result, err
	case i.args.FailOnError && result.FilesFailed > 0:
		return result, fault.New(fault.ItemsFailed, "count", result.FilesFailed)
	}
	return result, nil
}

// before answers what of the channel was here, if anything.
func (i *importer) before(ctx context.Context, id channel.ID) (library.Channel, error) {
	here, err := i.Library.Channel(ctx, id)
	if fault.CodeOf(err) == fault.ChannelMissing {
		return library.Channel{}, nil
	}
	return here, err
}

func (i *importer) bringFiles(ctx context.Context, id channel.ID) (ImportResult, error) {
	chosen, err := i.chosen(ctx, id)
	if err != nil {
		return ImportResult{}, err
	}
	i.run.SetMetadata("incomplete_resources", 0) // an earlier attempt may have said otherwise
	i.run.SetMetadata("total_resources", chosen.Resources)
	i.run.SetMetadata("file_size", chosen.Bytes)
	if i.args.MetadataOnly {
		return ImportResult{}, nil
	}
	wanted, err := i.wanted(items(chosen))
	if err != nil {
		return ImportResult{}, err
	}
	files := index{i.Library.Files()}
	plan, err := transfer.MakePlan(ctx, i.Library.Content(), wanted, files, nil)
	if err != nil {
		return ImportResult{}, err
	}
	if plan.PresentFiles > 0 {
		i.run.Info("%d of %d files are here already", plan.PresentFiles, len(wanted))
	}
	total := plan.PresentBytes + plan.Bytes()
	var done atomic.Int64
	done.Store(plan.PresentBytes)
	i.run.SetProgress(plan.PresentBytes, total)
	incomplete := map[string]bool{}
	copied, err := transfer.Run(ctx, transfer.Config{
		Source: i.from, Content: i.Library.Content(), Index: files, Claims: i.Claims,
		Reserve: i.Reserve, Free: i.Free,
		OnBytes: func(delta int64) { i.run.SetProgress(done.Add(delta), total) },
		OnProblem: func(p transfer.Problem) {
			incomplete[p.Title] = true
			i.run.SetMetadata("incomplete_resources", len(incomplete))
			i.run.Problem(task.Problem{Code: p.Code, Params: fault.Params{"title": p.Title, "file": p.File}, Item: p.File})
			i.run.Warn("%v", p.Err)
		},
	}, plan)
	return ImportResult{
		FilesCopied: copied.FilesCopied, BytesCopied: copied.BytesCopied,
		FilesPresent: copied.FilesPresent, FilesFailed: copied.FilesFailed,
	}, err
}

// chosen answers the files that the arguments mean, by the database that is
// here now.
func (i *importer) chosen(ctx context.Context, id channel.ID) (*selection.Selection, error) {
	tree, err := i.Library.Tree(ctx, id)
	if err != nil {
		return nil, err
	}
	include, _ := nodes("node_ids", i.args.NodeIDs) // checked when the job was created
	exclude, _ := nodes("exclude_node_ids", i.args.ExcludeNodeIDs)
	return tree.Select(selection.Options{
		Include:  include,
		Exclude:  exclude,
		AllFiles: i.args.RenderableOnly != nil && !*i.args.RenderableOnly,
	})
}

// wanted answers the files that this attempt is for: all, or those alone that
// an earlier one could not bring.
func (i *importer) wanted(all []transfer.Item) ([]transfer.Item, error) {
	problems, alone, err := i.run.Problems()
	if err != nil || !alone {
		return all, err
	}
	failed := make(map[string]bool, len(problems))
	for _, p := range problems {
		failed[p.Item] = true
	}
	return slices.DeleteFunc(all, func(item transfer.Item) bool { return !failed[item.Name()] }), nil
}

func items(chosen *selection.Selection) []transfer.Item {
	items := make([]transfer.Item, len(chosen.Files))
	for n, f := range chosen.Files {
		items[n] = transfer.Item{LocalFile: f.LocalFile, Title: f.Title}
	}
	return items
}
