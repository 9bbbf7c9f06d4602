// Package argon2id hashes passwords by Argon2id (RFC 9106) in small steps: the same keys as
// golang.org/x/crypto/argon2 gives, whose function on blocks does the work, from memory that is used again.
//
// The library's own IDKey asks for 19 MiB anew each time and then keeps its core for tens of milliseconds. Under a
// flood of sign-ins that was eighteen garbage collections a second, at which every other request has to help, and
// waits of ten milliseconds in between.
package argon2id

import (
	"encoding/binary"
	"sync"
	"time"
	_ "unsafe" // for linkname

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/blake2b"
)

// step is how long a hash keeps its core before it lets others have it: short for whoever waits, long enough that
// looking around costs nothing beside it.
const step = 2 * time.Millisecond

// looking is how many blocks are filled between two looks at the clock, some 50 µs.
const looking = 32

const (
	slices = 4 // of a pass, RFC 9106 section 3.4
	kind   = 2 // Argon2id
)

// block is 1 KiB, RFC 9106 section 3.5.
type block [128]uint64

//go:linkname processBlock golang.org/x/crypto/argon2.processBlock
//go:noescape
func processBlock(out, a, b *block)

//go:linkname processBlockXOR golang.org/x/crypto/argon2.processBlockXOR
//go:noescape
func processBlockXOR(out, a, b *block)

// Params are the cost of one hash. Lanes are filled one after the other: they bound what an attacker may do at once,
// not what it costs.
type Params struct {
	Passes uint32
	Memory uint32 // KiB
	Lanes  uint8
}

// Key gives the n bytes that golang.org/x/crypto/argon2.IDKey gives. Whenever it has kept its core for a while it calls
// rest, which may take as long as it likes.
func Key(password, salt []byte, p Params, n uint32, rest func()) []byte {
	lanes := uint32(p.Lanes)
	h0 := begin(password, salt, p, n)
	kib := max(p.Memory/(slices*lanes), 2) * slices * lanes
	f := &filling{
		blocks: borrow(kib), passes: p.Passes, lanes: lanes, lane: kib / lanes, segment: kib / lanes / slices,
		rest: rest, due: time.Now().Add(step),
	}
	defer giveBack(f.blocks)
	f.start(&h0)
	f.fill()
	return f.end(n)
}

// begin gives H0 of RFC 9106 section 3.2, with room for two more numbers.
func begin(password, salt []byte, p Params, n uint32) (h0 [blake2b.Size + 8]byte) {
	le := binary.LittleEndian
	var in []byte
	for _, v := range []uint32{uint32(p.Lanes), n, p.Memory, p.Passes, argon2.Version, kind} {
		in = le.AppendUint32(in, v)
	}
	for _, part := range [][]byte{password, salt, nil, nil} { // neither secret nor associated data
		in = append(le.AppendUint32(in, uint32(len(part))), part...)
	}
	sum := blake2b.Sum512(in)
	copy(h0[:], sum[:])
	return h0
}

// long is the hash of any length, H' of RFC 9106 section 3.3.
func long(out, in []byte) {
	in = append(binary.LittleEndian.AppendUint32(nil, uint32(len(out))), in...)
	for len(out) > blake2b.Size {
		v := blake2b.Sum512(in)
		copy(out, v[:blake2b.Size/2])
		in, out = v[:], out[blake2b.Size/2:]
	}
	h, err := blake2b.New(len(out), nil)
	if err != nil {
		panic(err) // a length from 1 to 64 is none of its errors
	}
	h.Write(in)
	h.Sum(out[:0])
}

// spare keeps the memory of the last hashes until the garbage collector has come by twice.
var spare sync.Pool

func borrow(kib uint32) []block {
	if kept, ok := spare.Get().(*[]block); ok && len(*kept) == int(kib) {
		return *kept
	}
	return make([]block, kib)
}

func giveBack(blocks []block) { spare.Put(&blocks) }
