package content

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"nectar/backend/channel"
	"nectar/backend/channel/db"
	"nectar/backend/channel/preflight"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source/disk"
	"nectar/backend/drive"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// checkExport looks, before anything is written, whether what was chosen is on
// this laptop and can come to the drive.
func (d Deps) checkExport(ctx context.Context, request task.Request[ExportRequest]) (task.Validated[ExportArgs], error) {
	args := ExportArgs{ExportRequest: request.Args}
	id, refused := checkChoice(args.ChannelID, Choice{NodeIDs: args.NodeIDs, ExcludeNodeIDs: args.ExcludeNodeIDs})
	if !filepath.IsAbs(args.Path) {
		refused = append(refused, fault.At("path", fault.FieldFormat, "want", "path", "value", args.Path))
	}
	if err := fault.Invalid(refused...); err != nil {
		return task.Validated[ExportArgs]{}, err
	}
	include, _ := nodes("node_ids", args.NodeIDs)
	exclude, _ := nodes("exclude_node_ids", args.ExcludeNodeIDs)
	looked, err := d.PreflightExport(ctx, id, args.Path, include, exclude, request.Beside)
	if err != nil {
		return task.Validated[ExportArgs]{}, err
	}
	args.ChannelID, args.Path, args.Target = string(id), looked.Place.Path, looked.Place.On
	metadata := map[string]any{
		"channel_id":       string(id),
		"channel_name":     nameOf(looked.Channel),
		"channel_version":  looked.Channel.Version,
		"target_name":      looked.Place.On.Name,
		"target_removable": looked.Place.On.Comes,
		"total_resources":  looked.Resources,
		"file_size":        looked.Bytes,
	}
	return task.Validated[ExportArgs]{Args: args, Metadata: metadata}, note(metadata, request.Asked, looked.Answer)
}

func nameOf(c library.Channel) string {
	if c.Name == "" {
		return string(c.ID)
	}
	return c.Name
}

// ExportPreflight is what an export would do.
type ExportPreflight struct {
	preflight.Answer

	Place   disk.Place
	Channel library.Channel
}

// PreflightExport answers what an export would do beside jobs that are about to
// be stored, and changes nothing. What makes it impossible is an error; what
// forbids it is in the answer.
func (d Deps) PreflightExport(ctx context.Context, id channel.ID, path string, include, exclude []channel.NodeID, beside []task.Job) (ExportPreflight, error) {
	place, err := d.target(path)
	if err != nil {
		return ExportPreflight{}, err
	}
	here, err := d.Library.Channel(ctx, id)
	if err != nil {
		return ExportPreflight{}, err
	}
	chosen, _, err := d.chosenHere(ctx, id, include, exclude)
	if err != nil {
		return ExportPreflight{}, err
	}
	if err := d.checkVersion(ctx, place, here); err != nil {
		return ExportPreflight{}, err
	}
	onto, err := d.diskOf(ctx, place, id, beside)
	if err != nil {
		return ExportPreflight{}, err
	}
	answer := preflight.Look(preflight.Ask{
		Chosen: chosen, Disk: onto, Beside: sizeOf(id.DatabaseIn(d.Library.Content())),
		Present: func(f channel.LocalFile) bool { return liesIn(place.Content(), f) },
	})
	return ExportPreflight{answer, place, here}, nil
}

// target answers the place of an export, if channels can be written there.
func (d Deps) target(path string) (disk.Place, error) {
	place, err := d.Places.Place(path)
	if err != nil {
		return disk.Place{}, err
	}
	if d.isOurs(place.Path) {
		return disk.Place{}, fault.New(fault.TargetIsOurs, "path", path)
	}
	writable := place.Content()
	for range 3 {
		if _, err := os.Stat(writable); err == nil {
			break
		}
		writable = filepath.Dir(writable)
	}
	if _, err := os.Stat(place.Path); errors.Is(err, fs.ErrNotExist) {
		writable = filepath.Dir(place.Path)
		if name := filepath.Base(place.Path); !drive.AllowsName(place.FileSystem, name) {
			return disk.Place{}, fault.New(fault.NameForbidden, "name", name, "path", writable)
		}
	}
	if !drive.Writable(writable) {
		return disk.Place{}, fault.New(fault.NoWrite, "path", writable)
	}
	return place, nil
}

// chosenHere answers what of the channel is chosen and on this laptop.
func (d Deps) chosenHere(ctx context.Context, id channel.ID, include, exclude []channel.NodeID) (*selection.Selection, *selection.Tree, error) {
	tree, err := d.Library.Tree(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	here, err := d.Library.Here(ctx)
	if err != nil {
		return nil, nil, err
	}
	chosen, err := tree.Select(selection.Options{Include: include, Exclude: exclude, AllFiles: true, Here: here})
	if err != nil {
		return nil, nil, err
	}
	if chosen.Resources == 0 {
		return nil, nil, fault.New(fault.NothingHere, "channel", tree.Title(selection.Root))
	}
	return chosen, tree, nil
}

// checkVersion refuses to put an older version in the place of a newer one.
func (d Deps) checkVersion(ctx context.Context, place disk.Place, here library.Channel) error {
	there, known, err := versionAt(ctx, place, here.ID)
	if err != nil {
		return err
	}
	if known && there > here.Version {
		return fault.New(fault.TargetNewer, "channel", nameOf(here), "path", place.Path, "there", there, "here", here.Version)
	}
	return nil
}

// versionAt answers the version of the channel that a place has. It reports
// whether there is one: a database that cannot be read is none.
func versionAt(ctx context.Context, place disk.Place, id channel.ID) (version int64, known bool, err error) {
	there, err := db.Open(ctx, id.DatabaseIn(place.Seen()), id, db.Quick)
	if ctx.Err() != nil {
		return 0, false, ctx.Err()
	}
	if err != nil {
		return 0, false, nil // it is replaced
	}
	defer func() { _ = there.Close() }()
	return there.Metadata().Version, true, nil
}

// diskOf measures the drive of a place, and what other jobs will write to it,
// stored ones and those beside. Those of the same channel are left out: they
// bring much of the same. Other drives of one physical disk have room of their own.
func (d Deps) diskOf(ctx context.Context, place disk.Place, id channel.ID, beside []task.Job) (preflight.Disk, error) {
	same := exclusive(string(id))
	onto, err := d.rooms().Of(ctx, place.Path, 0, beside, func(j *task.Job) bool {
		return j.Task == "content.export" && j.ExclusiveKey != same && writesTo(j, place)
	})
	onto.FileSystem = place.FileSystem
	return onto, err
}

// writesTo reports whether an export takes of the room that the place has.
func writesTo(j *task.Job, place disk.Place) bool {
	var args ExportArgs
	if err := json.Unmarshal(j.Args, &args); err != nil || args.Target.Drive != place.On.Drive {
		return false
	}
	return place.On.Drive != "" || args.Path == place.Path
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
