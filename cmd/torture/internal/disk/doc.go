// Package disk makes disks that can be tormented: filled, turned read-only, and cut off from their power.
//
// A disk is an ext4 file system in a file of another ext4 file system, each upon a loop device. What the one sends to
// its device lands in the page cache of the other, and reaches the image file below that when it asks for a flush, as
// a real disk keeps what it was sent in a volatile cache until it is asked to flush that. A cut stops the lower file
// system, at one moment, from writing anything more. So three kinds of bytes can be told apart then: those that no
// fsync was called for are in the page cache of the upper file system and gone; those that were sent to the disk, but
// not flushed, are in the page cache of the lower one; those that were flushed are in the image. A cut keeps the last,
// loses the first, and of the second keeps what Cut is told to.
package disk

import "math/rand/v2"

// Size is that of every disk, in bytes: large enough that no file system of it is a special case.
const Size = 1 << 30

// Block is the smallest part of a disk that is either written or not, in bytes. Real disks promise 512 or 4,096.
const Block = 4096

// Surge says what a cut leaves of the bytes that were sent to a disk and not flushed.
type Surge int

// What is left.
const (
	Flushed Surge = iota // nothing of them: the cache of the disk is lost
	Sent                 // all of them: the disk has no cache, or saves it with its last strength
	Torn                 // each block by a throw of dice: the disk had begun to write, in an order of its own
)

// String gives the word for tables.
func (s Surge) String() string { return [...]string{"flushed", "sent", "torn"}[s] }

// Surges gives one by a throw of dice. Torn is the likeliest, being the one that a program can foresee least.
func Surges(dice *rand.Rand) Surge { return [...]Surge{Flushed, Sent, Torn, Torn}[dice.IntN(4)] }
