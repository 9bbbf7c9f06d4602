package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// run runs the program until it ends and gives what it printed and its exit status.
func run(t testing.TB, args ...string) (out string, status int) {
	t.Helper()
	var all bytes.Buffer
	c := exec.Command("parley", args...)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "TMPDIR=" + t.TempDir()}
	c.Stdout, c.Stderr = &all, &all
	err := c.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		t.Fatal(err)
	}
	return all.String(), c.ProcessState.ExitCode()
}

// runs fails unless a command ends well and says something.
func runs(t testing.TB, says string, args ...string) string {
	t.Helper()
	out, status := run(t, args...)
	if status != 0 || !strings.Contains(out, says) {
		t.Fatalf("parley %s ends with %d:\n%s\nwant %q", strings.Join(args, " "), status, out, says)
	}
	return out
}

// refuses fails unless a command ends with 1 and says something.
func refuses(t testing.TB, says string, args ...string) {
	t.Helper()
	out, status := run(t, args...)
	if status != 1 || !strings.Contains(out, says) {
		t.Errorf("parley %s ends with %d:\n%s\nwant %q", strings.Join(args, " "), status, out, says)
	}
}

// fill posts comments and notes them.
func (j *journal) fill(v *visitor, story, prefix string, n int) {
	v.t.Helper()
	for i := range n {
		if status := j.write(v, story, fmt.Sprintf("%s, comment %d", prefix, i)); status != http.StatusCreated {
			v.t.Fatalf("posting is answered with %d", status)
		}
	}
}

// TestRestoreDrill does what docs/operate/backup.md says: a backup from under the server, then three commands.
func TestRestoreDrill(t *testing.T) {
	data, kept := t.TempDir(), t.TempDir()
	serve := func() *process {
		return start(t, "serve", "--data", data, "--addr", "127.0.0.1:0", "--origins", newsroom, "--limits", "off")
	}
	p := serve()
	odo := stranger(p).register("Odo Pell")
	story := odo.story("tides")
	before, after := newJournal(), newJournal()
	before.fill(odo, story, "Before", 20)
	runs(t, "Nothing is wrong.", "doctor", "--data", data)
	out := runs(t, "checked: 20 comments in 1 stories", "backup", "--data", data, "--to", kept)
	file := strings.TrimSpace(out[strings.Index(out, kept) : strings.Index(out, ".db")+3])
	after.fill(odo, story, "After", 5)
	refuses(t, "in use by another Parley process", "restore", "--data", data, "--from", file)

	if code := p.stop(syscall.SIGTERM); code != 0 {
		t.Fatalf("stopping ends with %d", code)
	}
	runs(t, "20 comments in 1 stories", "restore", "--data", data, "--from", file)
	p = serve()
	checkWritten(t, stranger(p), story, before.acked)
	if n := stranger(p).get("/api/v1/stories/"+story).text(t, "comments"); n != "20" {
		t.Errorf("after the restore there are %s comments, want 20", n)
	}
	before.fill(again(p, odo), story, "Again", 5)
	checkWritten(t, stranger(p), story, before.acked)
	checkDatabase(t, p, data)
	runs(t, "Nothing is wrong.", "doctor", "--data", data)
}

// TestTheForumMoves carries a forum to PostgreSQL and back, with its sessions, and kills the first try of each.
func TestTheForumMoves(t *testing.T) {
	eachPostgres(t, func(t *testing.T, address string) {
		data, back := t.TempDir(), filepath.Join(t.TempDir(), "back")
		p := start(t, "serve", "--data", data, "--addr", "127.0.0.1:0", "--origins", newsroom, "--limits", "off")
		odo := stranger(p).register("Odo Pell")
		story := odo.story("tides")
		j := newJournal()
		j.fill(odo, story, "At first", 30)
		refuses(t, "the source: the data folder "+data+" is in use by another Parley process; stop that one first", "move", "--from", data, "--to", address)
		p.stop(syscall.SIGTERM)
		runs(t, "Dry run: to move", "move", "--from", data, "--to", address, "--dry-run")

		if killInMidMove(t, "move", "--from", data, "--to", address) {
			refuses(t, "a move that has not finished", "serve", "--data", t.TempDir(), "--database", address, "--addr", "127.0.0.1:0")
			runs(t, "Moved and compared", "move", "--from", data, "--to", address)
		}
		refuses(t, "the target is not empty", "move", "--from", data, "--to", address)
		runs(t, "Nothing is wrong.", "doctor", "--database", address)

		p = start(t, "serve", "--data", t.TempDir(), "--database", address, "--addr", "127.0.0.1:0", "--origins", newsroom, "--limits", "off")
		odo = again(p, odo) // still signed in
		j.fill(odo, story, "On PostgreSQL", 30)
		checkWritten(t, stranger(p), story, j.acked)
		refuses(t, "is being served by a Parley process on", "move", "--from", address, "--to", back)
		refuses(t, "pg_dump", "backup", "--data", data, "--database", address, "--to", t.TempDir())
		p.stop(syscall.SIGTERM)

		if killInMidMove(t, "move", "--from", address, "--to", back) {
			runs(t, "Moved and compared", "move", "--from", address, "--to", back)
		}
		p = start(t, "serve", "--data", back, "--addr", "127.0.0.1:0", "--origins", newsroom, "--limits", "off")
		j.fill(again(p, odo), story, "And back", 30)
		checkWritten(t, stranger(p), story, j.acked)
		checkDatabase(t, p, back)
		runs(t, "Nothing is wrong.", "doctor", "--data", back)
	})
}

// killInMidMove starts a move and kills it once it has begun to bring rows over. Where the test is not given the time to,
// the move is done, and killInMidMove gives false.
func killInMidMove(t *testing.T, args ...string) bool {
	t.Helper()
	c := exec.Command("parley", args...)
	said, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(said)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "moving:") {
	}
	c.Process.Kill()
	c.Wait()
	switch code := c.ProcessState.ExitCode(); code {
	case -1:
		return true
	case 0:
		t.Log("the move was done before it could be killed")
	default:
		t.Fatalf("the move was not killed but ended with %d", code)
	}
	return false
}
