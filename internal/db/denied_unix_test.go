//go:build unix

package db_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"parley/internal/db"
)

// deniedDir tells the child process of TestFilesOfAnotherAccount what to open.
const deniedDir = "PARLEY_TEST_DENIED_DIR"

// TestFilesOfAnotherAccount opens databases whose files the account may read but not write. Root may write
// everything, so root runs the opening as another account.
func TestFilesOfAnotherAccount(t *testing.T) {
	if dir := os.Getenv(deniedDir); dir != "" {
		d, err := db.Open(ctx, db.Options{Dir: dir})
		if err == nil {
			d.Close()
		}
		t.Logf("opened: %v", err)
		return
	}
	dir, err := os.MkdirTemp("", "parley-denied") // t.TempDir lies in folders that other accounts cannot enter
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	d, err := db.Open(ctx, db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	file, lock := filepath.Join(dir, "parley.db"), filepath.Join(dir, "parley.lock")
	for name, c := range map[string]struct {
		modes map[string]os.FileMode
		says  string
	}{
		"the file is read-only":   {map[string]os.FileMode{dir: 0o777, lock: 0o666, file: 0o444}, "parley.db cannot be opened for writing"},
		"the lock is not ours":    {map[string]os.FileMode{dir: 0o777, lock: 0o000, file: 0o666}, "cannot be written by this account"},
		"the folder is closed":    {map[string]os.FileMode{dir: 0o000, lock: 0o666, file: 0o666}, "cannot be written by this account"},
		"the folder is read-only": {map[string]os.FileMode{dir: 0o555, lock: 0o666, file: 0o666}, "cannot be written by this account"},
	} {
		for _, path := range []string{file, lock, dir} {
			os.Chmod(dir, 0o700)
			if err := os.Chmod(path, c.modes[path]); err != nil {
				t.Fatal(err)
			}
		}
		if out := openAsNobody(t, dir); !strings.Contains(out, "opened: the data folder") && !strings.Contains(out, "opened: "+dir) || !strings.Contains(out, c.says) {
			t.Errorf("%s: %s", name, out)
		}
	}
	os.Chmod(dir, 0o700)
}

// openAsNobody runs the opening in a child process and gives what it said.
func openAsNobody(t *testing.T, dir string) string {
	t.Helper()
	program := os.Args[0]
	child := exec.Command(program, "-test.run=^TestFilesOfAnotherAccount$", "-test.v")
	child.Env = append(os.Environ(), deniedDir+"="+dir)
	child.Dir = "/"
	if os.Geteuid() == 0 {
		copied := filepath.Join(filepath.Dir(dir), "parley-denied-"+filepath.Base(dir)+".test")
		bytes, err := os.ReadFile(program)
		if err == nil {
			err = os.WriteFile(copied, bytes, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
		defer os.Remove(copied)
		child.Path = copied
		child.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	out, err := child.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}
