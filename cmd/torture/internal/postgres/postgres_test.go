package postgres_test

import (
	"context"
	"database/sql"
	"net"
	"os"
	"path/filepath"
	"testing"

	"parley/cmd/torture/internal/postgres"
)

func port(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// TestACrash saves a row, crashes the server and starts it again.
func TestACrash(t *testing.T) {
	ctx := context.Background()
	if _, err := postgres.Bin(); err != nil {
		if os.Getenv("PARLEY_TEST_ALL") != "" {
			t.Fatal(err)
		}
		t.Skipf("left out: %v", err)
	}
	folder, err := os.MkdirTemp("", "parley-postgres-") // not t.TempDir: another account must get in
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(folder, "data")
	if err := postgres.Init(ctx, dir); err != nil {
		t.Fatal(err)
	}
	s, err := postgres.New(dir, port(t), dir+".log")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Stop() })
	for _, end := range []func() error{s.Crash, s.Kill, s.Stop} {
		if err := s.Start(ctx); err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{"CREATE TABLE IF NOT EXISTS kept (n int)", "INSERT INTO kept VALUES (1)"} {
			if err := s.Run(ctx, "postgres", statement); err != nil {
				t.Fatal(err)
			}
		}
		if err := end(); err != nil {
			t.Error(err)
		}
	}
	if err := s.Start(ctx); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", s.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRow("SELECT count(*) FROM kept").Scan(&n); err != nil || n != 3 {
		t.Errorf("%d rows are there (%v), want 3", n, err)
	}
	if faults, err := s.Check(ctx, "postgres"); err != nil || faults != "" {
		t.Errorf("a sound database: %v %s", err, faults)
	}
}
