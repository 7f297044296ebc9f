package content

import (
	"context"
	"slices"

	"nectar/backend/channel"
	"nectar/backend/channel/source"
	"nectar/backend/fault"
	"nectar/backend/library"
	"nectar/backend/task"
)

// away are the faults of a source that is not there. A drive that was taken
// out may leave the folder at which it was mounted.
var away = []fault.Code{fault.SourceMissing, fault.SourceGone, fault.SourceEmpty}

func isAway(err error) bool { return slices.Contains(away, fault.CodeOf(err)) }

// need answers the thing of the world that an import needs. It reports whether
// there is one: the sample is always there.
func (a ImportArgs) need() (task.Need, bool) {
	switch {
	case a.Source.Drive == "":
		return task.Need{}, false
	case a.Source.Comes:
		return task.Need{Code: task.NeedDrive, Item: a.Source.Name, Key: a.Source.Drive}, true
	}
	return task.Need{Code: task.NeedFolder, Item: a.Source.Name, Key: a.Path}, true
}

func importNeeds(d task.Described[ImportArgs]) []task.Need {
	if need, any := d.Args.need(); any {
		return []task.Need{need}
	}
	return nil
}

// find looks for the source of a request. One that is away, but was seen
// there before, is answered as what is known of it.
func (d Deps) find(ctx context.Context, path string) (source.Source, library.Known, error) {
	from, err := d.Open(ctx, path)
	if !isAway(err) {
		return from, library.Known{}, err
	}
	known, seen, failed := d.Library.SourceAt(ctx, path)
	if failed != nil || !seen {
		return nil, library.Known{}, err
	}
	if from, failed := d.Find(ctx, known.On, path); failed == nil {
		return from, library.Known{}, nil // mounted at another place
	}
	if d.Here(ctx, known.On, path) {
		return nil, library.Known{}, err // the drive is there, its channels are not
	}
	return nil, known, nil
}

// findServer looks for the server of a request, and answers what is known of it.
// One that is away is no source, but known if it was seen before.
func (d Deps) findServer(ctx context.Context, reference string) (source.Source, library.Known, error) {
	from, err := d.Open(ctx, reference)
	if err == nil {
		return from, library.Known{Info: from.Info()}, nil
	}
	if fault.CodeOf(err) != fault.SourceMissing {
		return nil, library.Known{}, err
	}
	known, seen, failed := d.Library.SourceAt(ctx, reference)
	if failed != nil || !seen || known.URL == "" {
		return nil, library.Known{}, err
	}
	return nil, known, nil
}

// describeKnown says what people see of a channel on a drive that is away.
func describeKnown(known library.Known, id channel.ID) map[string]any {
	name := known.Channels[id]
	if name == "" {
		name = string(id)
	}
	return map[string]any{
		"channel_id":   string(id),
		"channel_name": name,
		"source_name":  known.Name,
		"source_kind":  string(known.Kind),
	}
}
