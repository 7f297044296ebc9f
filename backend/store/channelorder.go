package store

import (
	"context"

	"nectar/backend/channel"
	"nectar/backend/sqlitedb"
)

// ChannelOrder answers the places that people gave to channels, from 0.
func (s *Store) ChannelOrder(ctx context.Context) (map[channel.ID]int, error) {
	type placed struct {
		id       string
		position int
	}
	rows, err := collect(ctx, s, func(r row) (p placed, err error) {
		err = r.Scan(&p.id, &p.position)
		return p, err
	}, "SELECT id, position FROM channel_order")
	if err != nil {
		return nil, err
	}
	order := make(map[channel.ID]int, len(rows))
	for _, p := range rows {
		order[channel.ID(p.id)] = p.position
	}
	return order, nil
}

// OrderChannels stores the order of channels in the place of the former one.
func (s *Store) OrderChannels(ctx context.Context, ids []channel.ID) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		if _, err := tx.Exec("DELETE FROM channel_order"); err != nil {
			return err
		}
		for position, id := range ids {
			if _, err := tx.Exec("INSERT OR REPLACE INTO channel_order (id, position) VALUES (?, ?)", string(id), position); err != nil {
				return err
			}
		}
		return nil
	})
}
