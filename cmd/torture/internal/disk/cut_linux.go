package disk

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Cut is a cut of a disk's power.
type Cut struct {
	Unsaved int // blocks that were sent to the disk and not flushed
	Kept    int // of those, how many are there after Restore

	disk  *Disk
	cache []byte           // the lower page cache
	sent  map[int64][]byte // what was in it at the cut, by block
}

// Aim makes everything ready for a cut, so that Now takes no time. Now must follow.
func (d *Disk) Aim() (*Cut, error) {
	file, err := os.Open(d.file())
	if err != nil {
		return nil, err
	}
	defer file.Close()
	// Once the file system is stopped its files cannot be read; what is mapped can.
	cache, err := unix.Mmap(int(file.Fd()), 0, Size, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map the disk: %w", err)
	}
	return &Cut{disk: d, cache: cache, sent: map[int64][]byte{}}, nil
}

// UnderWay waits until something is on its way to the disk, so that a cut hits in the midst of it, and tells whether
// something was within a time. It does nothing else meanwhile: what it waits for lasts for a fraction of a millisecond.
func (c *Cut) UnderWay(within time.Duration) bool {
	requests, err := os.Open(filepath.Join("/sys/block", filepath.Base(c.disk.upper), "inflight"))
	if err != nil {
		return false
	}
	defer requests.Close()
	line := make([]byte, 64) // how many reads and how many writes the device has not answered (Documentation/block/stat.rst)
	for late := time.Now().Add(within); time.Now().Before(late); {
		n, _ := requests.ReadAt(line, 0)
		if fields := strings.Fields(string(line[:n])); len(fields) == 2 && fields[1] != "0" {
			return true
		}
	}
	return false
}

// Now cuts the power. From then on the disk saves nothing. Whoever has it open must be ended before Restore.
func (c *Cut) Now() error {
	defer unix.Munmap(c.cache)
	if err := c.disk.stop(); err != nil {
		return err
	}
	return c.gather()
}

// gather copies what lies in the lower page cache. What does not has been written, and cannot differ.
func (c *Cut) gather() (err error) {
	// A page that leaves the cache in between cannot be brought back from a file system that was stopped.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("read the cache of the disk: %v", fault)
		}
	}()
	if os.Getpagesize() != Block {
		return fmt.Errorf("pages of %d bytes are not known here", os.Getpagesize())
	}
	in := make([]byte, Size/Block)
	if _, _, errno := unix.Syscall(unix.SYS_MINCORE, uintptr(unsafe.Pointer(&c.cache[0])), Size, uintptr(unsafe.Pointer(&in[0]))); errno != 0 {
		return fmt.Errorf("mincore: %w", errno)
	}
	for i, resident := range in {
		if at := int64(i) * Block; resident&1 == 1 {
			c.sent[at] = bytes.Clone(c.cache[at : at+Block])
		}
	}
	return nil
}

// Restore turns the power on again: the disk is mounted in the same folder, with what was flushed and with what
// surge says of the rest.
func (c *Cut) Restore(surge Surge, dice *rand.Rand) error {
	d := c.disk
	// The upper file system cannot write what it still has, and says so; that is what a cut is.
	if err := d.detach(); mounted(d.Dir) || mounted(d.below) || d.lower != "" {
		return fmt.Errorf("take the disk off: %w", err)
	}
	if err := d.attachLower(asItIs); err != nil {
		return fmt.Errorf("mount what is left of the disk: %w", err)
	}
	if err := c.keep(surge, dice); err != nil {
		return err
	}
	if err := d.attachUpper(asItIs); err != nil {
		return fmt.Errorf("mount the disk after the cut (%s): %w", surge, err)
	}
	return nil
}

// keep writes the chosen part of what was sent and not flushed. Blocks go by their place, so that the same throws
// of dice choose the same.
func (c *Cut) keep(surge Surge, dice *rand.Rand) error {
	file, err := os.OpenFile(c.disk.file(), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	saved := make([]byte, Block)
	for at := int64(0); at < Size; at += Block {
		sent, there := c.sent[at]
		if !there {
			continue
		}
		if _, err := file.ReadAt(saved, at); err != nil {
			return err
		}
		if bytes.Equal(sent, saved) {
			continue
		}
		c.Unsaved++
		if surge == Flushed || surge == Torn && dice.IntN(2) == 0 {
			continue
		}
		c.Kept++
		if _, err := file.WriteAt(sent, at); err != nil {
			return err
		}
	}
	return errors.Join(file.Sync(), file.Close())
}
