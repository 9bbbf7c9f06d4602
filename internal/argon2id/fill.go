package argon2id

import (
	"encoding/binary"
	"time"

	"golang.org/x/crypto/blake2b"
)

// filling is one hash at work.
type filling struct {
	blocks        []block
	passes, lanes uint32
	lane, segment uint32 // blocks of one
	rest          func()
	due           time.Time // of the next rest
}

// start makes the first two blocks of each lane.
func (f *filling) start(h0 *[blake2b.Size + 8]byte) {
	var bytes [1024]byte
	for lane := range f.lanes {
		for i := range uint32(2) {
			binary.LittleEndian.PutUint32(h0[blake2b.Size:], i)
			binary.LittleEndian.PutUint32(h0[blake2b.Size+4:], lane)
			long(bytes[:], h0[:])
			to := &f.blocks[lane*f.lane+i]
			for j := range to {
				to[j] = binary.LittleEndian.Uint64(bytes[8*j:])
			}
		}
	}
}

func (f *filling) fill() {
	for pass := range f.passes {
		for slice := range uint32(slices) {
			for lane := range f.lanes {
				f.fillSegment(pass, slice, lane)
			}
		}
	}
}

// fillSegment follows RFC 9106 sections 3.4.1 and 3.4.2. The memory may hold the blocks of an earlier hash: the first
// pass overwrites, the others mix.
func (f *filling) fillSegment(pass, slice, lane uint32) {
	combine := processBlockXOR
	if pass == 0 {
		combine = processBlock
	}
	independent := pass == 0 && slice < slices/2
	in := block{uint64(pass), uint64(lane), uint64(slice), uint64(len(f.blocks)), uint64(f.passes), kind}
	var addresses block
	index := uint32(0)
	if pass == 0 && slice == 0 {
		index = 2 // made already
		in.next(&addresses)
	}
	for ; index < f.segment; index++ {
		at := lane*f.lane + slice*f.segment + index
		before := at - 1
		if index == 0 && slice == 0 {
			before += f.lane
		}
		random := f.blocks[before][0]
		if independent {
			if index%uint32(len(addresses)) == 0 {
				in.next(&addresses)
			}
			random = addresses[index%uint32(len(addresses))]
		}
		combine(&f.blocks[at], &f.blocks[before], &f.blocks[f.reference(random, pass, slice, lane, index)])
		if index%looking == 0 {
			f.mayRest()
		}
	}
}

// next counts up and gives the addresses that follow.
func (b *block) next(addresses *block) {
	var zero block
	b[6]++
	processBlock(addresses, b, &zero)
	processBlock(addresses, addresses, &zero)
}

// reference gives the block that a random number points at among those that may be used.
func (f *filling) reference(random uint64, pass, slice, lane, index uint32) uint32 {
	from := uint32(random>>32) % f.lanes
	if pass == 0 && slice == 0 {
		from = lane
	}
	area, begin := 3*f.segment, (slice+1)%slices*f.segment
	if pass == 0 {
		area, begin = slice*f.segment, 0
	}
	if lane == from {
		area += index
	}
	if lane == from || index == 0 {
		area--
	}
	x := random & 0xffffffff
	x = x * x >> 32
	x = x * uint64(area) >> 32
	return from*f.lane + uint32((uint64(begin)+uint64(area)-1-x)%uint64(f.lane))
}

func (f *filling) mayRest() {
	if time.Now().Before(f.due) {
		return
	}
	f.rest()
	f.due = time.Now().Add(step)
}

// end gives the key: a hash of the last blocks of all lanes together.
func (f *filling) end(n uint32) []byte {
	last := f.blocks[f.lane-1]
	for lane := uint32(1); lane < f.lanes; lane++ {
		for i, v := range f.blocks[(lane+1)*f.lane-1] {
			last[i] ^= v
		}
	}
	var bytes [1024]byte
	for i, v := range last {
		binary.LittleEndian.PutUint64(bytes[8*i:], v)
	}
	key := make([]byte, n)
	long(key, bytes[:])
	return key
}
