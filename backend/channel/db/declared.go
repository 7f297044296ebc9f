package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"nectar/backend/fault"
)

// newestSchema is the last generation that is read.
const newestSchema = 6

// checkDeclared refuses a database that says it needs a newer reader, even if
// its shape looks familiar, and one that says something without a meaning.
// What else it says does not matter: its shape decides how it is read.
func (d *DB) checkDeclared(ctx context.Context, found columns) error {
	if !found["content_channelmetadata.min_schema_version"] {
		return nil // from before generation 1, which its shape tells
	}
	var declared string
	err := d.sql.QueryRowContext(ctx,
		"SELECT "+whole("min_schema_version")+" FROM content_channelmetadata LIMIT 1").Scan(&declared)
	if errors.Is(err, sql.ErrNoRows) {
		return d.refuse(fault.NotAChannel)
	}
	if err != nil {
		return d.explain(ctx, fmt.Errorf("read declared schema: %w", err))
	}
	for _, old := range ancient {
		if declared == old.name {
			return nil
		}
	}
	number, err := strconv.ParseUint(declared, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange) || number > newestSchema:
		return d.refuse(fault.SchemaTooNew, "version", clean(declared))
	case err != nil || number == 0:
		return d.refuse(fault.SchemaUnknown, "version", clean(declared))
	}
	return nil
}
