package move_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley"
	"parley/internal/db"
	"parley/internal/move"
	"parley/internal/store"
)

func sortStrings(all []string) { slices.Sort(all) }

// TestThereAndBack moves a forum to PostgreSQL and back, and finds the same rows, keys and indexes at each end. A
// server goes on at both with the next event.
func TestThereAndBack(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		here, back := t.TempDir(), filepath.Join(t.TempDir(), "new")
		fillForum(t, here, 2500)
		move.SetBatch(700)
		defer move.SetBatch(20_000)
		want := dump(t, here)
		for _, way := range [][2]string{{here, address}, {address, back}} {
			report, err := move.Run(ctx, move.Options{From: way[0], To: way[1]})
			if err != nil {
				t.Fatal(err)
			}
			if report.Resumed || len(report.Tables) < 25 {
				t.Errorf("the report of a first move: %+v", report)
			}
			if got := dump(t, way[1]); got != want {
				t.Errorf("what arrives is not what left: %s", firstDifference(want, got))
			}
			sameSchema(t, way[1])
		}
		if got := dump(t, here); got != want {
			t.Error("the move has changed the source")
		}
		for _, end := range []string{address, back} {
			goesOn(t, end, 2501)
		}
	})
}

// goesOn opens a database for serving and appends an event, which must get the next number.
func goesOn(t *testing.T, where string, next int64) {
	t.Helper()
	s, err := store.Open(ctx, options(t, where))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Write(ctx, 1, func(tx *store.Tx) error {
		tx.Append(parley.Event{Kind: parley.EventRefreshed})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(ctx, func(tx *store.Tx) error {
		events, err := tx.EventsAfter(next-1, 10)
		if len(events) != 1 || events[0].ID != next {
			t.Errorf("after the move the next event is %+v, want number %d", events, next)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sameSchema compares indexes and constraints with those of a database that migrations alone have made.
func sameSchema(t *testing.T, where string) {
	t.Helper()
	question, other := "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL", t.TempDir()
	if strings.Contains(where, "://") {
		question = `SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
			UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = current_schema()::regnamespace`
		other = where + "_fresh"
		admin := raw(t, where)
		name := other[strings.LastIndex(other, "=")+1:]
		run(t, admin, "CREATE SCHEMA "+name)
		t.Cleanup(func() { run(t, raw(t, where), "DROP SCHEMA "+name+" CASCADE") })
	}
	touch(t, other)
	got, want := column(t, raw(t, where), question), column(t, raw(t, other), question)
	for i := range want {
		want[i] = strings.ReplaceAll(want[i], "_fresh.", ".")
	}
	if got, want := strings.Join(got, "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("keys and indexes are not those of a new database: %s", firstDifference(want, got))
	}
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d\nwant %.300s\n got %.300s", i, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(b), len(a))
}

// TestDry writes nothing at either end.
func TestDry(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		here := t.TempDir()
		fillForum(t, here, 50)
		report, err := move.Run(ctx, move.Options{From: here, To: address, Dry: true})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(report.Tables, func(t move.Table) bool { return t.Name == "comments" })
		if i < 0 || report.Tables[i].Rows != 50 {
			t.Errorf("the report of a dry run: %+v", report.Tables)
		}
		if n := column(t, raw(t, address), "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace")[0]; n != "0" {
			t.Errorf("a dry run makes %s tables", n)
		}
		if _, err := move.Run(ctx, move.Options{From: here, To: address}); err != nil {
			t.Fatal(err)
		}
		there := filepath.Join(t.TempDir(), "new")
		if _, err := move.Run(ctx, move.Options{From: address, To: there, Dry: true}); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(there); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a dry run makes the folder (%v)", err)
		}
	})
}

// TestWhatDiffersIsNamed changes a target behind the move's back, just before rows are compared.
func TestWhatDiffersIsNamed(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		here := t.TempDir()
		fillForum(t, here, 50)
		spoilt := false
		report, err := move.Run(ctx, move.Options{From: here, To: address, Progress: func(stage string, _, _ int64) {
			if stage == "comparing" && !spoilt {
				spoilt = true
				there := raw(t, address)
				run(t, there, "UPDATE comments SET body = body || ' ', story = 2 WHERE id = 1")
				run(t, there, "DELETE FROM sessions WHERE reader = 4611686018427387905")
				run(t, there, "INSERT INTO cursors (name, position) VALUES ('extra', 1)")
			}
		}})
		if !errors.Is(err, move.ErrDiffers) {
			t.Fatalf("a spoilt copy is reported as %v", err)
		}
		found := map[string][]string{}
		for _, one := range report.Tables {
			if len(one.Different) > 0 {
				found[one.Name] = one.Different
			}
		}
		want := map[string][]string{
			"comments": {"id=1: body, story not the same"},
			"cursors":  {`name="extra": only in the target`},
			"sessions": {"token=4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a: only in the source"},
		}
		if fmt.Sprint(found) != fmt.Sprint(want) {
			t.Errorf("differences are named as\n%v\nwant\n%v", found, want)
		}
		if _, err := store.Open(ctx, options(t, address)); err == nil || !strings.Contains(err.Error(), "move that has not finished") {
			t.Errorf("a spoilt copy opens for serving: %v", err)
		}
	})
}

// TestSchemasPair holds the migrations of both engines to what can be moved.
func TestSchemasPair(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		here := t.TempDir()
		touch(t, here)
		report, err := move.Run(ctx, move.Options{From: here, To: address})
		if err != nil {
			t.Fatalf("an empty forum cannot be moved: %v", err)
		}
		f, err := db.OpenOffline(ctx, db.Options{Dir: here}, db.Look)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		tables, err := f.Tables(ctx)
		if err != nil || len(tables) != len(report.Tables)+1 {
			t.Errorf("%d of %d tables move (%v), want all but the leases", len(report.Tables), len(tables), err)
		}
		sequences := column(t, raw(t, address), "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace AND relname NOT LIKE 'goose%'")
		if len(sequences) > 0 {
			t.Errorf("PostgreSQL counts in sequences, which a move does not set: %v", sequences)
		}
	})
}
