package content

import (
	"context"
	"slices"

	"nectar/backend/channel"
	"nectar/backend/channel/selection"
	"nectar/backend/channel/source"
)

// leftOutFiles is where the metadata of an import of a whole channel say how many
// files are not brought, since the drive was never given them.
const leftOutFiles = "left_out_files"

// leaveOut takes out of what was chosen of a whole channel what the drive was
// never given. A coordinator who exports a part of a channel to a stick leaves a
// list of it there: what is beyond that is no problem of the import, and takes no
// room. The list may be older than what somebody has added since, so whatever
// lies there is brought all the same, and what it names is missed.
func (i *importer) leaveOut(ctx context.Context, tree *selection.Tree, chosen *selection.Selection) (files int, err error) {
	from, is := i.from.(source.Partly)
	if !is {
		return 0, nil
	}
	options := i.options()
	options.Include = slices.DeleteFunc(from.Listed(ctx, tree.Channel()), func(node channel.NodeID) bool {
		_, known := tree.Find(node)
		return !known
	})
	if len(options.Include) == 0 {
		return 0, nil // it says nothing of this channel
	}
	given, err := tree.Select(options)
	if err != nil || len(given.Files) == len(chosen.Files) {
		return 0, err
	}
	promised := make(map[channel.Checksum]bool, len(given.Files))
	for _, f := range given.Files {
		promised[f.Checksum] = true
	}
	var beyond []channel.Checksum
	for _, f := range chosen.Files {
		if !promised[f.Checksum] {
			beyond = append(beyond, f.Checksum)
		}
	}
	holds, err := from.Holds(ctx, tree.Channel(), beyond)
	if err != nil {
		return 0, err
	}
	chosen.Files = slices.DeleteFunc(chosen.Files, func(f selection.File) bool {
		if promised[f.Checksum] || holds(f.Checksum) || liesIn(i.Library.Content(), f.LocalFile) {
			return false
		}
		files++
		chosen.Bytes -= max(0, f.Size)
		return true
	})
	return files, nil
}
