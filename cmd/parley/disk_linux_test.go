package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// disk mounts a small disk of its own and gives its folder. Only root can; otherwise the test is left out.
func disk(t *testing.T, mount func(dir string) error) (dir string) {
	t.Helper()
	leaveOut := t.Skipf
	if os.Getenv("PARLEY_TEST_ALL") != "" {
		leaveOut = t.Fatalf
	}
	if os.Geteuid() != 0 {
		leaveOut("left out: only root can mount the small disk this test spoils")
	}
	dir = t.TempDir()
	if err := mount(dir); err != nil {
		leaveOut("left out: no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount the small disk: %v", err)
		}
	})
	return dir
}

// fill takes what is left of a disk and gives the file that holds it.
func fill(t *testing.T, dir string) string {
	t.Helper()
	file, err := os.Create(filepath.Join(dir, "filler"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for page := make([]byte, 4096); ; {
		if _, err := file.Write(page); err != nil {
			return file.Name()
		}
	}
}

// reads fails unless everything that reads still does.
func reads(t *testing.T, v *visitor, story string) {
	t.Helper()
	for _, path := range []string{"/", "/s/" + story, comments(story), "/api/v1/stories/" + story, "/api/v1/me?story=" + story, "/fragment?story=" + story, "/healthz"} {
		v.get(path)
	}
}

// TestAFullDisk fills the disk under a server that people write to, twice.
func TestAFullDisk(t *testing.T) {
	dir := disk(t, func(dir string) error { return syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=16m,mode=700") })
	data := filepath.Join(dir, "data")
	p := start(t, "serve", "--data", data, "--addr", "127.0.0.1:0", "--origins", newsroom, "--limits", "off")
	odo := stranger(p).register("Odo Pell")
	story := odo.story("tides")
	j := newJournal()
	for round := range 2 {
		for n := range 20 {
			j.write(odo, story, fmt.Sprintf("With room, round %d, comment %d. %s", round, n, strings.Repeat("Tides. ", 300)))
		}
		filler := fill(t, dir)
		refused := 0
		for n := 0; refused < 20; n++ { // the log may still hold room of its own
			text := fmt.Sprintf("Without room, round %d, comment %d. %s", round, n, strings.Repeat("Tides. ", 1300))
			got, err := odo.try("POST", comments(story), map[string]string{"body": text})
			switch {
			case err != nil || n > 2000:
				t.Fatalf("after %d comments on a full disk: %v", n, err)
			case got.status == http.StatusCreated:
				j.acked[strings.TrimSpace(text)] = got.text(t, "comment", "id")
			case got.status != http.StatusInsufficientStorage:
				t.Fatalf("a full disk is answered with %d: %s", got.status, got.body)
			default:
				refused++
				got.problem(t, "storage_full")
				if !strings.Contains(got.body, "The forum cannot save anything just now: its disk is full. Your text is still here.") {
					t.Errorf("the reader is told %s", got.body)
				}
			}
			if refused%5 == 1 {
				reads(t, odo, story)
			}
		}
		if got := stranger(p).get("/readyz"); got.text(t, "status") != "read-only" || !strings.Contains(got.body, "its disk is full") {
			t.Errorf("health says %s", got.body)
		}
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		if got := stranger(p).get("/readyz"); got.text(t, "status") != "ready" {
			t.Errorf("with room again health says %s", got.body)
		}
		if status := j.write(odo, story, fmt.Sprintf("With room again, round %d.", round)); status != http.StatusCreated {
			t.Errorf("with room again a comment is answered with %d", status)
		}
	}
	if strings.Contains(p.out.String(), "goroutine ") {
		t.Errorf("a stack trace is on the console:\n%s", p.out)
	}
	kept := map[string]string{}
	for text, id := range j.acked {
		kept[strings.TrimSpace(text)] = id
	}
	checkWritten(t, stranger(p), story, kept)
	checkDatabase(t, p, data)
}

// TestADiskThatTurnsReadOnly takes the disk under a running server away for writing, as Linux does with one that fails.
// Reading goes on; writing does not until the server is started again, because what a failed fsync left is unknown.
func TestADiskThatTurnsReadOnly(t *testing.T) {
	image := filepath.Join(t.TempDir(), "image")
	loop := func(dir string) error {
		out, err := exec.CommandContext(t.Context(), "mount", "-o", "loop", image, dir).CombinedOutput()
		if err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		return nil
	}
	dir := disk(t, func(dir string) error {
		if err := os.WriteFile(image, nil, 0o600); err != nil {
			return err
		}
		if err := os.Truncate(image, 48<<20); err != nil {
			return err
		}
		if out, err := exec.CommandContext(t.Context(), "mkfs.ext4", "-q", "-F", image).CombinedOutput(); err != nil {
			return fmt.Errorf("%w: %s", err, out)
		}
		if err := loop(dir); err != nil {
			t.Skipf("left out: this machine gives no loop device: %v", err)
		}
		return nil
	})
	data := filepath.Join(dir, "data")
	args := []string{"serve", "--data", data, "--addr", "127.0.0.1:0", "--origins", newsroom, "--limits", "off"}
	p := start(t, args...)
	odo := stranger(p).register("Odo Pell")
	story := odo.story("tides")
	j := newJournal()
	for n := range 20 {
		j.write(odo, story, fmt.Sprintf("Before, comment %d.", n))
	}
	if out, err := exec.CommandContext(t.Context(), "mount", "-o", "remount,abort", dir).CombinedOutput(); err != nil {
		t.Skipf("left out: the disk cannot be made to fail: %v: %s", err, out)
	}
	for n := range 10 {
		got := odo.ask("POST", comments(story), map[string]string{"body": fmt.Sprintf("After, comment %d.", n)}, http.StatusServiceUnavailable)
		got.problem(t, "storage_read_only")
		if got.header.Get("Retry-After") == "" {
			t.Error("a refusal does not say when to come back")
		}
		reads(t, odo, story)
	}
	if got, err := stranger(p).try("GET", "/readyz", nil); err != nil || got.status == http.StatusOK && got.text(t, "status") == "ready" {
		t.Errorf("health says %s (%v)", got.body, err)
	}
	if strings.Contains(p.out.String(), "goroutine ") {
		t.Errorf("a stack trace is on the console:\n%s", p.out)
	}
	p.stop(syscall.SIGTERM)
	if said := refused(t, args...); !strings.Contains(said, "cannot be") || !strings.Contains(said, data) {
		t.Errorf("starting on a read-only disk says %q", said)
	}
	if err := syscall.Unmount(dir, 0); err != nil {
		t.Fatal(err)
	}
	if err := loop(dir); err != nil {
		t.Fatal(err)
	}
	p = start(t, args...)
	if status := j.write(again(p, odo), story, "The disk is mended."); status != http.StatusCreated {
		t.Errorf("with the disk mended a comment is answered with %d", status)
	}
	checkWritten(t, stranger(p), story, j.acked)
	checkDatabase(t, p, data)
}
