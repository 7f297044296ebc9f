package store

import (
	"context"

	"nectar/backend/auth"
	"nectar/backend/sqlitedb"
)

// People answers everybody known on this laptop, the first one first.
func (s *Store) People(ctx context.Context) ([]auth.Person, error) {
	return collect(ctx, s, func(r row) (auth.Person, error) {
		var p auth.Person
		return p, r.Scan(&p.ID, &p.Name, &p.Role, &p.ManageContent)
	}, "SELECT id, name, role, manage_content FROM people ORDER BY created, id")
}

// AddPerson stores a new person.
func (s *Store) AddPerson(ctx context.Context, p auth.Person) error {
	return s.db.Write(ctx, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec("INSERT INTO people (id, name, role, manage_content, created) VALUES (?, ?, ?, ?, ?)",
			p.ID, p.Name, string(p.Role), p.ManageContent, millis(s.now()))
		return err
	})
}
