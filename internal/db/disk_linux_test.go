package db_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"parley"
	"parley/internal/db"
)

// smallDisk mounts a disk of its own of a few megabytes. Only root can; otherwise the test is left out.
func smallDisk(t *testing.T, megabytes int) (dir string) {
	t.Helper()
	leaveOut := func(why string) {
		if os.Getenv("PARLEY_TEST_ALL") != "" {
			t.Fatalf("PARLEY_TEST_ALL asks for every test, but %s", why)
		}
		t.Skipf("left out: %s", why)
	}
	if os.Geteuid() != 0 {
		leaveOut("only root can mount the small disk this test fills")
	}
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=700", megabytes)); err != nil {
		leaveOut(fmt.Sprintf("no small disk can be mounted here: %v", err))
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount the small disk: %v", err)
		}
	})
	return dir
}

// fill takes what is left of a disk, to the last page, and gives the file that holds it.
func fill(t *testing.T, dir string) (file string) {
	t.Helper()
	file = filepath.Join(dir, "filler")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	page := make([]byte, 4096)
	for range 1 << 20 {
		if _, err := f.Write(page); err != nil {
			return file
		}
	}
	t.Fatal("the disk has no end")
	return ""
}

// TestAFullDisk fills the disk under a database, twice: writes are refused with a sentence, reading goes on,
// nothing acknowledged is lost, and writing goes on by itself once there is room.
func TestAFullDisk(t *testing.T) {
	dir := smallDisk(t, 12)
	d, err := db.Open(ctx, db.Options{Dir: filepath.Join(dir, "data"), Log: log(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	saved := 0
	save := func() error {
		err := d.Write(ctx, 1, func(tx *db.Tx) error { return insert(tx, fmt.Sprint(saved, strings.Repeat("x", 20_000))) })
		if err == nil {
			saved++
		}
		return err
	}
	for range 2 {
		for range 20 {
			if err := save(); err != nil {
				t.Fatal(err)
			}
		}
		filler := fill(t, dir)
		for tries := 0; err == nil; tries++ { // the log may still hold room of its own
			if err = save(); tries > 1000 {
				t.Fatal("a full disk takes everything")
			}
		}
		for range 5 {
			if err := save(); parley.CodeOf(err) != parley.CodeStorageFull {
				t.Errorf("with a full disk: %v", err)
			}
			if n := rows(t, d); n != saved {
				t.Errorf("with a full disk %d rows are read, want %d", n, saved)
			}
		}
		if err := d.Check(ctx); err != nil {
			t.Errorf("a database that still answers is said not to: %v", err)
		}
		if err := d.CheckSaving(ctx); parley.CodeOf(err) != parley.CodeStorageFull {
			t.Errorf("a database that takes no writes is said to: %v", err)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		if err := d.CheckSaving(ctx); err != nil {
			t.Errorf("with room again the database is still said to take no writes: %v", err)
		}
		if err = save(); err != nil {
			t.Errorf("with room again: %v", err)
		}
		checkIntegrity(t, d)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	again, err := db.Open(ctx, db.Options{Dir: filepath.Join(dir, "data"), Log: log(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if n := rows(t, again); n != saved {
		t.Errorf("%d rows after opening again, %d acknowledged", n, saved)
	}
	checkIntegrity(t, again)
}

// TestOpenOnAFullDisk starts where there is no room for a database.
func TestOpenOnAFullDisk(t *testing.T) {
	dir := smallDisk(t, 1)
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	fill(t, dir)
	d, err := db.Open(ctx, db.Options{Dir: filepath.Join(dir, "data"), Log: log(t)})
	if err == nil {
		d.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("opening on a full disk: %v", err)
	}
}

// TestAReadOnlyDisk makes the disk read-only under a finished database and opens it.
func TestAReadOnlyDisk(t *testing.T) {
	dir := smallDisk(t, 12)
	d, err := db.Open(ctx, db.Options{Dir: dir, Log: log(t)})
	if err != nil {
		t.Fatal(err)
	}
	if err := put(d, "row"); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	remount := func(flags uintptr) {
		t.Helper()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
	remount(syscall.MS_RDONLY)
	refuses(t, dir)
	for _, name := range []string{"parley.db", "parley.lock"} {
		remount(0)
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		remount(syscall.MS_RDONLY)
		refuses(t, dir)
	}
	refuses(t, filepath.Join(dir, "new"))
}

// refuses fails unless a folder cannot be opened and the error says in a sentence that it cannot be written.
func refuses(t *testing.T, dir string) {
	t.Helper()
	d, err := db.Open(ctx, db.Options{Dir: dir, Log: log(t)})
	if err == nil {
		d.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "cannot be") || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("a folder that cannot be written opens with %v", err)
	}
}
