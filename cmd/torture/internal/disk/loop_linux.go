package disk

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Disk is one mounted disk. Its methods are for one goroutine.
type Disk struct {
	Dir   string // where it is mounted
	below string // where the file system below it is mounted
	image string // what that is kept in
	lower string // device upon image; "" = not attached
	upper string // device upon file()
}

// file is what the disk is kept in, on the file system below it.
func (d *Disk) file() string { return filepath.Join(d.below, "disk") }

// Possible tells why no disk can be made here, or nil.
func Possible(dir string) error {
	if os.Geteuid() != 0 {
		return errors.New("only root can mount disks to torment")
	}
	for _, tool := range []string{"losetup", "mkfs.ext4", "mount", "umount"} {
		if _, err := exec.LookPath(tool); err != nil {
			return fmt.Errorf("%s is not installed", tool)
		}
	}
	probe, err := os.MkdirTemp(dir, "probe")
	if err != nil {
		return err
	}
	defer os.RemoveAll(probe)
	d, err := New(probe)
	if err != nil {
		return fmt.Errorf("no loop device can be mounted here: %w", err)
	}
	return errors.Join(d.probe(), d.Close())
}

// probe cuts the power of a disk once: not every kernel lets a file system be stopped.
func (d *Disk) probe() error {
	cut, err := d.Aim()
	if err == nil {
		err = cut.Now()
	}
	if err == nil {
		err = cut.Restore(Flushed, nil)
	}
	if err != nil {
		return fmt.Errorf("the power of a disk cannot be cut here: %w", err)
	}
	return nil
}

// New makes an empty disk in a folder, which also holds its image, and mounts it.
func New(folder string) (*Disk, error) {
	d := &Disk{Dir: filepath.Join(folder, "disk"), below: filepath.Join(folder, "below"), image: filepath.Join(folder, "image")}
	if err := d.make(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *Disk) make() error {
	if err := errors.Join(os.MkdirAll(d.Dir, 0o755), os.MkdirAll(d.below, 0o700), sized(d.image, Size+room)); err != nil {
		return err
	}
	if err := d.attachLower(mkfs); err != nil {
		return err
	}
	if err := sized(d.file(), Size); err != nil {
		return err
	}
	if err := d.attachUpper(mkfs); err != nil {
		return err
	}
	return os.Chmod(d.Dir, 0o755)
}

// room is what the lower file system needs for itself, in bytes: its journal, mostly.
const room = 128 << 20

// sized makes a file of a size, without blocks.
func sized(name string, size int64) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(file.Truncate(size), file.Close())
}

func run(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}

func setUp(below string) (string, error) {
	out, err := exec.Command("losetup", "--find", "--show", below).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("losetup %s: %w: %s", below, err, strings.TrimSpace(string(out)))
	}
	return strings.TrimSpace(string(out)), nil
}

// mkfs makes a file system. No blocks are kept for root, so that a full disk is full; nothing is left to be
// initialised later, so that the file system does nothing by itself.
func mkfs(device string) error {
	return run("mkfs.ext4", "-q", "-F", "-m", "0", "-E", "lazy_itable_init=0,lazy_journal_init=0", device)
}

// asItIs is mkfs for a device that has a file system.
func asItIs(string) error { return nil }

func (d *Disk) attachLower(prepare func(device string) error) (err error) {
	if d.lower, err = setUp(d.image); err == nil {
		err = prepare(d.lower)
	}
	if err == nil {
		err = run("mount", "-t", "ext4", "-o", "noatime", d.lower, d.below)
	}
	return err
}

func (d *Disk) attachUpper(prepare func(device string) error) (err error) {
	if d.upper, err = setUp(d.file()); err == nil {
		err = prepare(d.upper)
	}
	if err == nil {
		err = run("mount", "-t", "ext4", d.upper, d.Dir)
	}
	return err
}

// mounted tells whether a folder is a mount point: whether another device begins there.
func mounted(dir string) bool {
	var here, above unix.Stat_t
	return unix.Stat(dir, &here) == nil && unix.Stat(filepath.Dir(dir), &above) == nil && here.Dev != above.Dev
}

// detach takes the disk apart from above as far as it is there.
func (d *Disk) detach() error {
	var all []error
	for _, layer := range []struct {
		dir    string
		device *string
	}{{d.Dir, &d.upper}, {d.below, &d.lower}} {
		if mounted(layer.dir) {
			all = append(all, run("umount", layer.dir))
		}
		if *layer.device != "" {
			all = append(all, run("losetup", "--detach", *layer.device))
			*layer.device = ""
		}
	}
	return errors.Join(all...)
}

// Close unmounts the disk, gives its devices back and deletes its image. Nothing may have it open.
func (d *Disk) Close() error {
	err := d.detach()
	if removed := os.Remove(d.image); !errors.Is(removed, os.ErrNotExist) {
		err = errors.Join(err, removed)
	}
	return err
}

// Sync saves everything that was written so far, as sync(1) does.
func (d *Disk) Sync() error {
	dir, err := os.Open(d.Dir)
	if err != nil {
		return err
	}
	defer dir.Close()
	return unix.Syncfs(int(dir.Fd()))
}

// Fill takes what is left of the disk and gives what makes room again.
func (d *Disk) Fill() (empty func() error, err error) {
	name := filepath.Join(d.Dir, "filler")
	file, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	end := int64(0)
	for piece := int64(Size); piece >= Block; {
		switch err := unix.Fallocate(int(file.Fd()), 0, end, piece); {
		case err == nil:
			end += piece
		case errors.Is(err, unix.ENOSPC):
			piece /= 2
		case !errors.Is(err, unix.EINTR):
			return nil, fmt.Errorf("fill the disk: %w", err)
		}
	}
	return func() error { return os.Remove(name) }, nil
}

// Abort makes the disk read-only at once and for good, as ext4 does with one that fails under it. What was written
// and not saved is lost. Nobody may be in the middle of an fsync meanwhile: Linux 6.18 tells some of those that all is
// well, and their bytes are gone; a program of ten lines that appends and calls fdatasync lost what it was told to be
// saved in nine of forty tries.
func (d *Disk) Abort() error { return run("mount", "-o", "remount,abort", d.Dir) }

// Mend takes a disk that was aborted off and mounts it again. Nothing may have it open.
func (d *Disk) Mend() error {
	if err := run("umount", d.Dir); err != nil {
		return err
	}
	return run("mount", "-t", "ext4", d.upper, d.Dir)
}

// shutdown is EXT4_IOC_SHUTDOWN of linux/fs/ext4/ext4.h, _IOR('X', 125, __u32), and noFlush its flag
// EXT4_GOING_FLAGS_NOLOGFLUSH, by which xfstests tests what a file system is after a crash.
const (
	shutdown = 0x8004587d
	noFlush  = 2
)

// stop keeps the lower file system from writing anything from now on, which is the moment of the cut.
func (d *Disk) stop() error {
	dir, err := os.Open(d.below)
	if err != nil {
		return err
	}
	defer dir.Close()
	flags := uint32(noFlush)
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, dir.Fd(), shutdown, uintptr(unsafe.Pointer(&flags))); errno != 0 {
		return fmt.Errorf("stop the file system: %w", errno)
	}
	return nil
}
