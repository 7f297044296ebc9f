package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"nectar/backend/auth"
	"nectar/backend/sqlitedb"
)

const (
	selectPeople = "SELECT id, name, role, manage_content, pin FROM people ORDER BY created, id"
	selectDevice = "SELECT set_up, recovery FROM device"
)

// Roll answers everybody known on this laptop, the first one first.
func (s *Store) Roll(ctx context.Context) (auth.Roll, error) {
	reader := s.db.Reader()
	members, err := scanMembers(reader.QueryContext(ctx, selectPeople))
	if err != nil {
		return auth.Roll{}, err
	}
	return scanDevice(members, reader.QueryRowContext(ctx, selectDevice))
}

// ChangeRoll changes the roll, and answers it as it is then. Nothing is stored
// when the function answers an error. The function must not wait for anything.
func (s *Store) ChangeRoll(ctx context.Context, change func(*auth.Roll) error) (auth.Roll, error) {
	var roll auth.Roll
	err := s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		before, err := scanMembers(tx.Query(selectPeople))
		if err != nil {
			return err
		}
		if roll, err = scanDevice(slices.Clone(before), tx.QueryRow(selectDevice)); err != nil {
			return err
		}
		if err := change(&roll); err != nil {
			return err
		}
		return saveRoll(tx, before, roll, millis(s.now()))
	})
	return roll, err
}

func scanMembers(rows *sql.Rows, err error) ([]auth.Member, error) {
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var members []auth.Member
	for rows.Next() {
		var m auth.Member
		var pin sql.NullString
		if err := rows.Scan(&m.ID, &m.Name, &m.Role, &m.ManageContent, &pin); err != nil {
			return nil, fmt.Errorf("read person: %w", err)
		}
		m.PIN = auth.Hash(pin.String)
		members = append(members, m)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	return members, nil
}

func scanDevice(members []auth.Member, device row) (auth.Roll, error) {
	roll := auth.Roll{Members: members}
	var recovery sql.NullString
	if err := device.Scan(&roll.SetUp, &recovery); err != nil {
		return auth.Roll{}, fmt.Errorf("read device: %w", err)
	}
	roll.Recovery = auth.Hash(recovery.String)
	return roll, nil
}

func saveRoll(tx *sqlitedb.Tx, before []auth.Member, roll auth.Roll, now int64) error {
	for _, m := range before {
		if slices.ContainsFunc(roll.Members, func(kept auth.Member) bool { return kept.ID == m.ID }) {
			continue
		}
		if _, err := tx.Exec("DELETE FROM people WHERE id = ?", m.ID); err != nil {
			return err
		}
	}
	for _, m := range roll.Members {
		_, err := tx.Exec(`INSERT INTO people (id, name, role, manage_content, pin, created)
			VALUES (?, ?, ?, ?, ?, max(?, (SELECT coalesce(max(created), 0) + 1 FROM people)))
			ON CONFLICT (id) DO UPDATE
			SET name = excluded.name, role = excluded.role, manage_content = excluded.manage_content, pin = excluded.pin`,
			m.ID, m.Name, string(m.Role), m.ManageContent, nullString(string(m.PIN)), now)
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec("UPDATE device SET set_up = ?, recovery = ?", roll.SetUp, nullString(string(roll.Recovery)))
	return err
}
