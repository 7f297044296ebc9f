package db_test

import (
	"errors"
	"testing"

	"github.com/mattn/go-sqlite3"

	"nectar/backend/channel/db"
	"nectar/backend/fault"
)

func TestExplain(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want fault.Code
	}{
		"an I/O error is a drive that went away":    {sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrRead}, fault.SourceGone},
		"a forbidden file cannot be read":           {sqlite3.Error{Code: sqlite3.ErrPerm}, fault.NoRead},
		"malformed pages are damage":                {sqlite3.Error{Code: sqlite3.ErrCorrupt}, fault.DatabaseDamaged},
		"an encrypted file is no database":          {sqlite3.Error{Code: sqlite3.ErrNotADB}, fault.NotADatabase},
		"a huge row is unsafe":                      {sqlite3.Error{Code: sqlite3.ErrTooBig}, fault.UnsafeDatabase},
		"too little memory is no fault of the file": {sqlite3.Error{Code: sqlite3.ErrNomem}, fault.Internal},
		"a value that cannot be scanned is damage":  {errors.New("converting driver.Value type"), fault.DatabaseDamaged},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := fault.CodeOf(db.Explain(t.Context(), t.TempDir(), test.err)); got != test.want {
				t.Errorf("code is %q, want %q", got, test.want)
			}
		})
	}
	t.Run("a malformed page of a file that has gone is a drive that went away", func(t *testing.T) {
		t.Parallel()
		err := db.Explain(t.Context(), t.TempDir()+"/gone", sqlite3.Error{Code: sqlite3.ErrCorrupt})
		if got := fault.CodeOf(err); got != fault.SourceGone {
			t.Errorf("code is %q", got)
		}
	})
}
