package store

import (
	"context"
	"encoding/json"
	"fmt"

	"nectar/backend/sqlitedb"
)

// Settings answers all stored settings by name, each as JSON. A setting that
// was never set is absent.
func (s *Store) Settings(ctx context.Context) (map[string]json.RawMessage, error) {
	type setting struct {
		name, value string
	}
	rows, err := collect(ctx, s, func(r row) (setting, error) {
		var v setting
		return v, r.Scan(&v.name, &v.value)
	}, "SELECT name, value FROM settings")
	if err != nil {
		return nil, err
	}
	all := make(map[string]json.RawMessage, len(rows))
	for _, r := range rows {
		all[r.name] = json.RawMessage(r.value)
	}
	return all, nil
}

// SetSetting stores a setting. The value must encode to JSON.
func (s *Store) SetSetting(ctx context.Context, name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("encode setting %s: %w", name, err)
	}
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, string(text))
		return err
	})
}
