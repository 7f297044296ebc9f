package content

import (
	"context"

	"nectar/backend/channel/selection"
	"nectar/backend/channel/transfer"
)

// foreseen is what an import of a channel will do, looked at before the channel's
// database has its place. Nothing is written for it.
type foreseen struct {
	chosen *selection.Selection
	plan   transfer.Plan
}

// foresee looks what an import from a tree will do; nil where that cannot be learned
// now, and is said by the look at its own time, and where no file is wanted.
func (i *importer) foresee(ctx context.Context, tree *selection.Tree) *foreseen {
	if i.choice.MetadataOnly {
		return nil
	}
	chosen, err := i.chosen(ctx, tree)
	if err != nil {
		return nil
	}
	plan, err := i.planFor(ctx, chosen)
	if err != nil {
		return nil
	}
	return &foreseen{chosen, plan}
}
