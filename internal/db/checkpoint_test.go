package db_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/db"
)

// bulk fills the log with so many megabytes.
func bulk(t *testing.T, d *db.DB, megabytes int) (slowest time.Duration) {
	t.Helper()
	for i := range megabytes {
		text := strings.Repeat(string(rune('a'+i%26)), 1<<20) // SQLite does not write what is there already
		began := time.Now()
		err := d.Write(ctx, 1, func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO meta (key, value) VALUES ('bulk', $1) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		slowest = max(slowest, time.Since(began))
	}
	return slowest
}

// TestLongReadersDoNotStopWriters holds a snapshot open, as a long export does, while the log grows beyond
// its limit and while writing pauses: either is a reason to tidy the log up, and neither may make a writer
// wait for the reader.
func TestLongReadersDoNotStopWriters(t *testing.T) {
	dir := t.TempDir()
	d := open(t, db.Options{Dir: dir})
	bulk(t, d, 1)
	reading, done := make(chan struct{}), make(chan struct{})
	ended := make(chan error)
	go func() {
		ended <- d.View(ctx, func(tx *db.Tx) error {
			var n int
			err := tx.QueryRow(`SELECT count(*) FROM meta`).Scan(&n)
			close(reading)
			<-done
			return err
		})
	}()
	<-reading
	const most = 2 * time.Second
	if slowest := bulk(t, d, 60); slowest > most {
		t.Errorf("beside a long reader and a long log a write took %v", slowest)
	}
	pause := time.NewTicker(700 * time.Millisecond)
	defer pause.Stop()
	for range 4 {
		<-pause.C // writing is quiet for longer than checkpoints look apart
		if slowest := bulk(t, d, 1); slowest > most {
			t.Errorf("beside a long reader, after a pause, a write took %v", slowest)
		}
	}
	close(done)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	until(t, "the log is emptied once nobody reads it", func() bool {
		info, err := os.Stat(filepath.Join(dir, "parley.db-wal"))
		return err == nil && info.Size() == 0
	})
}
