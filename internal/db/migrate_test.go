package db_test

import (
	"strings"
	"testing"

	"parley/internal/db"
)

// TestOpeningAgain finds what was there, and refuses it once a newer program has marked it as its own.
func TestOpeningAgain(t *testing.T) {
	eachOptions(t, func(t *testing.T, o db.Options) {
		for round := range 3 {
			d, err := db.Open(ctx, o)
			if err != nil {
				t.Fatal(err)
			}
			if n := rows(t, d); n != round {
				t.Errorf("%d rows after opening for time %d", n, round+1)
			}
			if err := put(d, strings.Repeat("r", round+1)); err != nil {
				t.Fatal(err)
			}
			if round == 2 {
				err := d.Write(ctx, 1, func(tx *db.Tx) error {
					_, err := tx.Exec(`UPDATE meta SET value = $1 WHERE key = 'min_schema'`, "99")
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
		}
		d, err := db.Open(ctx, o)
		if err == nil {
			d.Close()
		}
		if err == nil || !strings.Contains(err.Error(), "written by a newer Parley (schema 99") {
			t.Errorf("a newer database opens with %v", err)
		}
	})
}
