package content

import (
	"context"
	"sync"
	"time"

	"nectar/backend/channel/db"
	"nectar/backend/channel/selection"
)

// keptFor is how long a tree waits for its job: one that is to begin at once does
// so within milliseconds.
const keptFor = 10 * time.Second

// lately keeps the tree that was read to say how much room an import takes, for
// the job that fetches the same database a moment later. To read a tree of 50,000
// takes as long as to copy some thousand small files.
type lately struct {
	mu   sync.Mutex
	tree *selection.Tree // guarded by mu; nil for none
	of   uint64          // the fingerprint of its database; guarded by mu
}

// load reads the tree of a database and keeps it.
func (l *lately) load(ctx context.Context, database *db.DB) (*selection.Tree, error) {
	of, unread := database.Fingerprint(ctx) // before the tree is read, so that it is of this database or of none
	tree, err := selection.Load(ctx, database)
	if err == nil && unread == nil {
		l.keep(tree, of)
	}
	return tree, err
}

func (l *lately) keep(tree *selection.Tree, of uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tree, l.of = tree, of
	time.AfterFunc(keptFor, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.tree == tree {
			l.tree = nil
		}
	})
}

// take answers the tree of a database: the kept one when it is of the same bytes.
// Nothing is kept afterwards, for two large trees are too many.
func (l *lately) take(ctx context.Context, database *db.DB) (*selection.Tree, error) {
	l.mu.Lock()
	tree, of := l.tree, l.of
	l.tree = nil
	l.mu.Unlock()
	if tree != nil {
		if now, err := database.Fingerprint(ctx); err == nil && now == of {
			return tree, nil
		}
	}
	return selection.Load(ctx, database)
}
