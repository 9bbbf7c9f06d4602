package backup_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"parley"
	"parley/internal/backup"
	"parley/internal/store"
)

// ctx is for calls that no test cuts short.
var ctx = context.Background()

// noon is when backups of the tests are made.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("somewhere", 3600))

func open(t testing.TB, dir string) *store.Store {
	t.Helper()
	s, err := store.Open(ctx, store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tell appends events until there are n.
func tell(t testing.TB, s *store.Store, n int64) {
	t.Helper()
	for last := int64(-1); last < n; {
		err := s.Write(ctx, 1, func(tx *store.Tx) (err error) {
			if last, err = tx.LastEvent(); err == nil && last < n {
				tx.Append(parley.Event{Kind: parley.EventRefreshed})
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func last(t testing.TB, s *store.Store) (n int64) {
	t.Helper()
	err := s.View(ctx, func(tx *store.Tx) (err error) { n, err = tx.LastEvent(); return err })
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestBackupAndRestore takes a backup from under a server, and puts it back.
func TestBackupAndRestore(t *testing.T) {
	data, kept := t.TempDir(), t.TempDir()
	s := open(t, data)
	tell(t, s, 5)
	var stages []string
	made, err := backup.Write(ctx, backup.Options{Dir: data, To: kept, Now: noon, Progress: func(stage string, done, total int64) {
		if done == total {
			stages = append(stages, stage)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(kept, "parley-20261123T110000Z.db"); made.Path != want || made.Events != 5 || made.Bytes == 0 {
		t.Errorf("the backup is %+v, want %s with 5 events", made, want)
	}
	if fmt.Sprint(stages) != "[copying checking]" {
		t.Errorf("the progress ends the stages %v", stages)
	}
	if files := names(t, kept); !slices.Equal(files, []string{"parley-20261123T110000Z.db"}) {
		t.Errorf("a backup leaves %v", files)
	}
	if info, err := os.Stat(made.Path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup can be read by others: %v %v", info.Mode(), err)
	}
	tell(t, s, 9)
	if _, err := backup.Restore(ctx, backup.RestoreOptions{From: made.Path, Dir: data}); err == nil || !strings.Contains(err.Error(), "in use by another Parley process") {
		t.Errorf("restoring under a server is answered with %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}

	done, err := backup.Restore(ctx, backup.RestoreOptions{From: made.Path, Dir: data, Now: noon})
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(data, "parley.db.before-20261123T110000Z"); done.Former != want || done.Events != 5 {
		t.Errorf("restored: %+v, want the former one as %s", done, want)
	}
	s = open(t, data)
	if n := last(t, s); n != 5 {
		t.Errorf("after the restore there are %d events, want 5", n)
	}
	s.Close()

	// And the other way round, into a folder that is not there yet.
	fresh := filepath.Join(t.TempDir(), "new")
	again, err := backup.Restore(ctx, backup.RestoreOptions{From: done.Former, Dir: fresh})
	if err != nil || again.Former != "" || again.Events != 9 {
		t.Errorf("restoring what was put aside: %+v %v", again, err)
	}
	s = open(t, fresh)
	defer s.Close()
	tell(t, s, 10)
	if n := last(t, s); n != 10 {
		t.Errorf("after that there are %d events, want 10", n)
	}
}

func names(t testing.TB, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// TestUnderLoad takes backups while many write. Each holds everything that was acknowledged before it began, and
// nothing by halves: an event and its row are written together.
func TestUnderLoad(t *testing.T) {
	data := t.TempDir()
	s := open(t, data)
	defer s.Close()
	stop := make(chan struct{})
	var acknowledged atomic.Int64
	var writing sync.WaitGroup
	for w := range 8 {
		writing.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				err := s.Write(ctx, 1, func(tx *store.Tx) error {
					tx.Append(parley.Event{Kind: parley.EventRefreshed})
					return tx.RememberImport(1, "test", "comment", fmt.Sprint(w, "/", i, strings.Repeat("x", 500)), tx.NewID())
				})
				if err != nil {
					t.Error(err)
					return
				}
				acknowledged.Add(1)
			}
		})
	}
	for round := range 4 {
		for acknowledged.Load() < int64(300*(round+1)) {
			time.Sleep(time.Millisecond)
		}
		before := acknowledged.Load()
		made, err := backup.Write(ctx, backup.Options{Dir: data, To: filepath.Join(t.TempDir(), "one.db")})
		if err != nil {
			t.Fatal(err)
		}
		if made.Events < before {
			t.Errorf("round %d: the backup ends at event %d, %d were acknowledged before it began", round, made.Events, before)
		}
		dir := t.TempDir()
		if _, err := backup.Restore(ctx, backup.RestoreOptions{From: made.Path, Dir: dir}); err != nil {
			t.Fatal(err)
		}
		pool, err := sql.Open("sqlite", filepath.Join(dir, "parley.db"))
		if err != nil {
			t.Fatal(err)
		}
		var rows int64
		if err := pool.QueryRow("SELECT count(*) FROM imports").Scan(&rows); err != nil || rows != made.Events {
			t.Errorf("round %d: %d rows stand beside %d events (%v)", round, rows, made.Events, err)
		}
		pool.Close()
	}
	close(stop)
	writing.Wait()
}

// TestRefusals names what cannot be backed up or restored, and leaves nothing behind.
func TestRefusals(t *testing.T) {
	data, kept := t.TempDir(), t.TempDir()
	s := open(t, data)
	tell(t, s, 3)
	s.Close()
	taken := filepath.Join(kept, "taken.db")
	if err := os.WriteFile(taken, []byte("something"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct{ dir, to, words string }{
		{data, "", "--to is missing"},
		{data, taken, "is there already; a backup never overwrites"},
		{data, filepath.Join(kept, "none", "one.db"), "there is no folder"},
		{data, filepath.Join(kept, "none") + "/", "there is no folder"},
		{t.TempDir(), kept, "there is no Parley database in"},
		{filepath.Join(data, "none"), kept, "there is no Parley database in"},
	} {
		_, err := backup.Write(ctx, backup.Options{Dir: one.dir, To: one.to})
		if err == nil || !strings.Contains(err.Error(), one.words) {
			t.Errorf("a backup of %s to %s is answered with %v", one.dir, one.to, err)
		}
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := backup.Write(ended, backup.Options{Dir: data, To: kept}); !errors.Is(err, context.Canceled) {
		t.Errorf("a backup that is called off ends with %v", err)
	}
	if files := names(t, kept); !slices.Equal(files, []string{"taken.db"}) {
		t.Errorf("refused backups leave %v", files)
	}

	made, err := backup.Write(ctx, backup.Options{Dir: data, To: kept})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(made.Path)
	if err != nil {
		t.Fatal(err)
	}
	file := func(name string, content []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	wiped := slices.Clone(whole)
	copy(wiped[2*4096:], make([]byte, 3*4096))
	running := file("running.db", whole)
	if err := os.WriteFile(running+"-wal", []byte("changes"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := names(t, data)
	for _, one := range []struct{ from, words string }{
		{"", "--from is missing"},
		{filepath.Join(kept, "none.db"), "is not there"},
		{kept, "is not a file"},
		{taken, "is not a Parley database"},
		{file("empty.db", nil), "is not a Parley database"},
		{file("half.db", whole[:len(whole)/2]), "cannot be restored"},
		{file("wiped.db", wiped), "cannot be restored"},
		{running, "has a log beside it"},
	} {
		_, err := backup.Restore(ctx, backup.RestoreOptions{From: one.from, Dir: data})
		if err == nil || !strings.Contains(err.Error(), one.words) {
			t.Errorf("restoring %s is answered with %v, want %q", one.from, err, one.words)
		}
	}
	if after := names(t, data); !slices.Equal(before, after) {
		t.Errorf("refused restores leave %v, there was %v", after, before)
	}
}

// TestWhatWasBrokenOff goes on after a backup and a restore that were killed at each of their steps.
func TestWhatWasBrokenOff(t *testing.T) {
	data, kept := t.TempDir(), t.TempDir()
	s := open(t, data)
	tell(t, s, 3)
	s.Close()
	leave := func(path string) {
		if err := os.WriteFile(path, []byte(strings.Repeat("half a page", 1000)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	leave(filepath.Join(kept, ".parley-backup.partial"))
	leave(filepath.Join(kept, ".parley-backup.partial-journal"))
	made, err := backup.Write(ctx, backup.Options{Dir: data, To: kept})
	if err != nil {
		t.Fatal(err)
	}
	if files := names(t, kept); len(files) != 1 {
		t.Errorf("beside what a killed backup left there is %v", files)
	}

	leave(filepath.Join(data, "parley.db.restoring"))
	leave(filepath.Join(data, "parley.db-wal")) // of a crash, with changes that the restore must not bring back
	done, err := backup.Restore(ctx, backup.RestoreOptions{From: made.Path, Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(done.Former + "-wal"); err != nil {
		t.Errorf("the log of what was put aside is not with it: %v", err)
	}
	// Killed between putting aside and putting in place.
	if err := os.Rename(filepath.Join(data, "parley.db"), filepath.Join(data, "parley.db.restoring")); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Restore(ctx, backup.RestoreOptions{From: made.Path, Dir: data}); err != nil {
		t.Fatal(err)
	}
	s = open(t, data)
	defer s.Close()
	if n := last(t, s); n != 3 {
		t.Errorf("in the end there are %d events, want 3", n)
	}
	for _, name := range names(t, data) {
		if strings.HasSuffix(name, "restoring") {
			t.Errorf("%s is left", name)
		}
	}
}

// TestOneBackupAtATime lets only one write into a folder.
func TestOneBackupAtATime(t *testing.T) {
	data, kept := t.TempDir(), t.TempDir()
	b := open(t, data)
	tell(t, b, 3)
	b.Close()
	first := true
	_, err := backup.Write(ctx, backup.Options{Dir: data, To: kept, Now: noon, Progress: func(stage string, done, _ int64) {
		if stage != "checking" || !first {
			return
		}
		first = false
		if _, err := backup.Write(ctx, backup.Options{Dir: data, To: kept}); err == nil || !strings.Contains(err.Error(), "another backup is being written") {
			t.Errorf("a second one is answered with %v", err)
		}
	}})
	if err != nil || first {
		t.Error(err, first)
	}
}
