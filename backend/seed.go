package backend

import (
	"context"
	"fmt"
)

// seed enqueues the periodic jobs of the plugins that were never enqueued in
// this data folder.
func (b *Backend) seed(ctx context.Context) error {
	known, err := b.store.Seeds(ctx)
	if err != nil {
		return fmt.Errorf("read periodic jobs: %w", err)
	}
	for _, p := range b.periodic {
		if known[p.Name] {
			continue
		}
		job, err := p.NewJob()
		if err != nil {
			return err
		}
		// A power cut between the two does no harm: the next start is answered
		// the job that is there.
		if _, err := b.engine.Enqueue(ctx, job); err != nil {
			return fmt.Errorf("enqueue periodic job %s: %w", p.Name, err)
		}
		if err := b.store.RememberSeeds(ctx, p.Name); err != nil {
			return fmt.Errorf("remember periodic job %s: %w", p.Name, err)
		}
	}
	return nil
}
