package selection

import (
	"context"

	"nectar/backend/channel/db"
)

// LoadAsLarge is Load of a channel as if it had many roles.
func LoadAsLarge(ctx context.Context, from *db.DB) (*Tree, error) { return load(ctx, from, 0) }
