package db

import "context"

// Explain explains an error of SQLite that is hard to provoke.
func Explain(ctx context.Context, path string, err error) error {
	return (&DB{path: path}).explain(ctx, err)
}
