//go:build !linux

package disk

import (
	"errors"
	"math/rand/v2"
	"time"
)

// Disk is a disk of its own; there are none on this system.
type Disk struct{ Dir string }

// Cut is a cut of a disk's power.
type Cut struct{ Unsaved, Kept int }

var errLinux = errors.New("disks to torment are made on Linux alone")

// Possible tells why no disk can be made here.
func Possible(string) error { return errLinux }

// New fails here, and so there is nothing for the methods to do.
func New(string) (*Disk, error) { return nil, errLinux }

// Close does nothing.
func (d *Disk) Close() error { return errLinux }

// Sync does nothing.
func (d *Disk) Sync() error { return errLinux }

// Fill does nothing.
func (d *Disk) Fill() (empty func() error, err error) { return nil, errLinux }

// Abort does nothing.
func (d *Disk) Abort() error { return errLinux }

// Mend does nothing.
func (d *Disk) Mend() error { return errLinux }

// Aim does nothing.
func (d *Disk) Aim() (*Cut, error) { return nil, errLinux }

// UnderWay does nothing.
func (c *Cut) UnderWay(time.Duration) bool { return false }

// Now does nothing.
func (c *Cut) Now() error { return errLinux }

// Restore does nothing.
func (c *Cut) Restore(Surge, *rand.Rand) error { return errLinux }
