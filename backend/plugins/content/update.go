package content

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/channel/selection"
	"nectar/backend/fault"
	"nectar/backend/library"
)

// updater is one attempt of an update.
type updater struct {
	*importer

	args UpdateArgs
}

// update brings the files of the new version first. Only then the new database
// takes the place of the old one, in one step: until then, whatever ends the
// update, all that was here is here and belongs to the old version.
func (u *updater) update(ctx context.Context) (_ ImportResult, err error) {
	if u.from, err = u.origin.open(ctx); err != nil {
		return ImportResult{}, err
	}
	before, err := u.Library.Channel(ctx, u.id)
	if err != nil {
		return ImportResult{}, err
	}
	theirs, err := u.theirs(ctx, before)
	if err != nil {
		return ImportResult{}, u.origin.await(err, false)
	}
	defer func() { theirs.leave(ctx, err != nil && theirs.Version > before.Version) }()
	u.run.SetMetadata("channel_name", nameOf(before))
	u.run.SetMetadata("channel_version", theirs.Version)
	u.run.SetMetadata("before_version", before.Version)
	switch {
	case theirs.Version < before.Version:
		return ImportResult{}, fault.New(fault.OlderVersion, "channel", nameOf(before),
			"path", u.from.Info().Path+u.from.Info().URL, "there", theirs.Version, "here", before.Version)
	case theirs.Version == before.Version && u.run.Job().ProblemsOf > 0:
		return u.retry(ctx)
	case theirs.Version == before.Version:
		u.run.Info("version %d is here already", theirs.Version)
		u.run.SetMetadata("nothing_new", true)
		return ImportResult{}, nil
	}
	compared, err := u.compare(ctx, theirs.path)
	if err != nil {
		return ImportResult{}, err
	}
	chosen, err := kept(compared)
	if err != nil {
		return ImportResult{}, err
	}
	result, failed := u.renew(ctx, theirs.path, chosen)
	after, err := u.Library.RefreshFrom(context.WithoutCancel(ctx), u.id, u.seen(u.tree))
	result.ResourcesAdded = u.added(ctx, before, after)
	switch {
	case failed != nil:
		return result, u.origin.await(failed, u.moved.Load() > 0)
	case err != nil:
		return result, err
	}
	return result, u.tidy(ctx, compared)
}

// retry brings the files that an earlier attempt could not, of the new version
// that is here by now.
func (u *updater) retry(ctx context.Context) (ImportResult, error) {
	tree, err := u.Library.Tree(ctx, u.id)
	if err != nil {
		return ImportResult{}, err
	}
	all, err := tree.Select(selection.Options{AllFiles: true})
	if err != nil {
		return ImportResult{}, err
	}
	result, failed := u.bringChosen(ctx, all)
	if _, err := u.Library.RefreshFrom(context.WithoutCancel(ctx), u.id, u.seen(tree)); failed == nil {
		return result, err
	}
	return result, u.origin.await(failed, u.moved.Load() > 0)
}

// compare says what the new version changes, before anything does.
func (u *updater) compare(ctx context.Context, temp string) (library.Comparison, error) {
	c, err := u.compareWith(ctx, temp)
	if err != nil {
		return library.Comparison{}, err
	}
	for name, value := range map[string]any{
		"new_resources": c.NewCount, "updated_resources": c.UpdatedCount, "deleted_resources": c.DeletedCount,
		"changed_resources": c.ChangedCount, "unused_files": len(c.Unused), "unused_bytes": c.UnusedBytes,
	} {
		u.run.SetMetadata(name, value)
	}
	for n, index := range c.Deleted {
		if n == maxLogged {
			u.run.Info("and %d more that the new version does not have", len(c.Deleted)-n)
			break
		}
		u.run.Info("the new version does not have: %s", c.Before.Title(index))
	}
	return c, nil
}

// maxLogged bounds the resources that the log of a job names.
const maxLogged = 100

// compareWith answers what the version in a database would change.
func (i *importer) compareWith(ctx context.Context, temp string) (library.Comparison, error) {
	theirs, err := db.Open(ctx, temp, i.id, db.Quick)
	if err != nil {
		return library.Comparison{}, named(err, i.id)
	}
	defer func() { _ = theirs.Close() }()
	return i.Library.Compare(ctx, theirs, i.theirTree)
}

// kept answers what of the new version stays selected: the resources that are
// here, by Kolibri's rule, whether a viewer shows them or not.
func kept(c library.Comparison) (*selection.Selection, error) {
	options := selection.Options{Include: []channel.NodeID{}, AllFiles: true}
	for _, index := range c.Kept {
		options.Include = append(options.Include, c.After.ID(index))
	}
	return c.After.Select(options)
}

// bringNewer imports from a newer version than the one that is here: what was
// chosen, and all that is here already, which the new version must not lose.
func (i *importer) bringNewer(ctx context.Context, temp string) (ImportResult, error) {
	compared, err := i.compareWith(ctx, temp)
	if err != nil {
		return ImportResult{}, err
	}
	chosen, err := i.chosen(ctx, compared.After)
	if err != nil {
		return ImportResult{}, err
	}
	stays, err := kept(compared)
	if err != nil {
		return ImportResult{}, err
	}
	return i.renew(ctx, temp, chosen.With(stays))
}

// renew brings the files of a selection of the new version, and then puts its
// database, which lies under the temporary name, in its place.
func (i *importer) renew(ctx context.Context, temp string, chosen *selection.Selection) (ImportResult, error) {
	result, err := i.bringChosen(ctx, chosen)
	if err != nil {
		return result, err
	}
	if err := putDatabase(temp, i.id.DatabaseIn(i.Library.Content())); err != nil {
		return result, err
	}
	i.tree = i.theirTree
	return result, nil
}

// tidy removes the files that nothing needs any more, if that was asked for.
func (u *updater) tidy(ctx context.Context, c library.Comparison) error {
	if !u.args.RemoveUnused || len(c.Unused) == 0 {
		return nil
	}
	for _, f := range c.Unused {
		if err := u.removeUnused(ctx, f); err != nil {
			return err
		}
	}
	u.run.SetMetadata("removed_files", len(c.Unused))
	u.run.SetMetadata("removed_bytes", c.UnusedBytes)
	return nil
}

// removeUnused removes a file. It is forgotten first, so that none counts as
// here that is not.
func (u *updater) removeUnused(ctx context.Context, file channel.LocalFile) error {
	path := file.In(u.Library.Content())
	release, err := u.Claims.Hold(ctx, path)
	if err != nil {
		return err
	}
	defer release()
	if err := u.Library.Files().ForgetFiles(ctx, []channel.Checksum{file.Checksum}); err != nil {
		return fmt.Errorf("forget a file: %w", err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.New(fault.NoWrite, "path", path).Because(err)
	}
	return nil
}
