package disk_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"parley/cmd/torture/internal/disk"
)

// fresh gives a disk, or leaves the test out where none can be made.
func fresh(t *testing.T) *disk.Disk {
	t.Helper()
	dir := t.TempDir()
	if err := disk.Possible(dir); err != nil {
		if os.Getenv("PARLEY_TEST_ALL") != "" && os.Getenv("PARLEY_TEST_NO_DISKS") == "" {
			t.Fatal(err)
		}
		t.Skipf("left out: %v", err)
	}
	d, err := disk.New(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// write puts a file of n bytes on the disk and leaves it open.
func write(t *testing.T, d *disk.Disk, name string, n, flags int) *os.File {
	t.Helper()
	file, err := os.OpenFile(filepath.Join(d.Dir, name), os.O_CREATE|os.O_RDWR|flags, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	// O_DIRECT wants its memory at a multiple of a block.
	space, err := unix.Mmap(-1, 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Munmap(space)
	copy(space, bytes.Repeat([]byte(name), n/len(name)+1))
	if _, err := file.Write(space); err != nil {
		t.Fatal(err)
	}
	return file
}

// same tells how many blocks of a file hold what was written.
func same(t *testing.T, d *disk.Disk, name string, n int) (blocks int) {
	t.Helper()
	got, err := os.ReadFile(filepath.Join(d.Dir, name))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	want := bytes.Repeat([]byte(name), n/len(name)+1)[:n]
	for at := 0; at+disk.Block <= len(got); at += disk.Block {
		if bytes.Equal(got[at:at+disk.Block], want[at:at+disk.Block]) {
			blocks++
		}
	}
	return blocks
}

// TestACut writes in three ways – with fsync, past the page cache without a flush, and plainly – and looks what each
// kind of cut leaves.
func TestACut(t *testing.T) {
	const blocks = 64
	const n = blocks * disk.Block
	for surge, direct := range map[disk.Surge][2]int{disk.Flushed: {0, 0}, disk.Sent: {blocks, blocks}, disk.Torn: {1, blocks - 1}} {
		t.Run(surge.String(), func(t *testing.T) {
			d := fresh(t)
			// The space is there before: what is told apart here is data, not the names of files.
			sent := write(t, d, "sent", n, 0)
			if _, err := sent.WriteAt(make([]byte, n), 0); err != nil {
				t.Fatal(err)
			}
			if err := sent.Sync(); err != nil {
				t.Fatal(err)
			}
			synced := write(t, d, "synced", n, 0)
			if err := synced.Sync(); err != nil {
				t.Fatal(err)
			}
			past := write(t, d, "sent", n, unix.O_DIRECT)
			plain := write(t, d, "plain", n, 0)
			cut, err := d.Aim()
			if err != nil {
				t.Fatal(err)
			}
			if err := cut.Now(); err != nil {
				t.Fatal(err)
			}
			for _, file := range []*os.File{sent, synced, past, plain} {
				file.Close()
			}
			if err := cut.Restore(surge, rand.New(rand.NewPCG(1, 2))); err != nil {
				t.Fatal(err)
			}
			if got := same(t, d, "synced", n); got != blocks {
				t.Errorf("%d blocks that were synced are left, want all %d", got, blocks)
			}
			if got := same(t, d, "plain", n); got != 0 {
				t.Errorf("%d blocks that were not synced are left", got)
			}
			if got := same(t, d, "sent", n); got < direct[0] || got > direct[1] {
				t.Errorf("%d blocks that were sent and not flushed are left, want %d to %d", got, direct[0], direct[1])
			}
			if cut.Unsaved < blocks {
				t.Errorf("%d blocks were not flushed, want at least %d", cut.Unsaved, blocks)
			}
		})
	}
}

func TestFullAndEmptyAgain(t *testing.T) {
	d := fresh(t)
	empty, err := d.Fill()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.Dir, "more"), make([]byte, 1<<20), 0o600); err == nil {
		t.Error("a full disk takes a megabyte")
	}
	if err := empty(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.Dir, "more"), make([]byte, 1<<20), 0o600); err != nil {
		t.Errorf("a disk with room again: %v", err)
	}
}

func TestReadOnlyAndMended(t *testing.T) {
	d := fresh(t)
	kept := write(t, d, "kept", disk.Block, 0)
	if err := kept.Sync(); err != nil {
		t.Fatal(err)
	}
	if err := d.Abort(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.Dir, "more"), []byte("x"), 0o600); err == nil {
		t.Error("a disk that failed takes a file")
	}
	kept.Close()
	if err := d.Mend(); err != nil {
		t.Fatal(err)
	}
	if same(t, d, "kept", disk.Block) != 1 {
		t.Error("what was synced is gone")
	}
	if err := os.WriteFile(filepath.Join(d.Dir, "more"), []byte("x"), 0o600); err != nil {
		t.Errorf("a mended disk: %v", err)
	}
}
