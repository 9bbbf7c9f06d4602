package render

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/bits"
	"runtime"
	"slices"
	"sync"

	"github.com/klauspost/compress/flate"

	"parley"
)

// stitched is what a compressed page was made of, thread by thread, for the next one to take over what has not changed.
// A thread is compressed to stand behind the one before it and nothing else, so that one that changes changes only
// itself and the next.
type stitched struct {
	laid
	pieces []piece // nil = it was compressed in one piece
	edges  [3]edge // what stands around the threads: the signs, what tells of the story, the end
}

// edge is a piece that is known by its text.
type edge struct {
	text []byte
	piece
}

// piece is a part of a page, compressed.
type piece struct {
	zipped []byte
	size   int    // before that
	sum    uint32 // of what it was, as gzip has it (RFC 1952)
}

// needle compresses pieces, by the compressor that keeps nothing between two of them: it makes a tenth more bytes than one
// that does, and needs a twentieth of its memory, which has gone cold from one page to the next.
type needle struct {
	out        bytes.Buffer
	text, last []byte
	at         int // the thread that text is of; -1 = none's
}

var needles = sync.Pool{New: func() any { return new(needle) }}

// piece compresses text, which is to stand behind last.
func (n *needle) piece(text, last []byte) piece {
	from := n.out.Len()
	_ = flate.StatelessDeflate(&n.out, text, false, last) // a bytes.Buffer takes everything
	return piece{n.out.Bytes()[from:], len(text), crc32.ChecksumIEEE(text)}
}

// stitch makes a page's compressed form of the one before, where that leaves little to do; elsewhere made is nil.
func (p *parts) stitch(before *stitched) (file []byte, size int, made *stitched, err error) {
	from, todo := p.same(before)
	if 2*todo > len(p.threads) {
		return nil, 0, nil, nil
	}
	n := needles.Get().(*needle)
	defer needles.Put(n)
	n.out.Reset()
	n.text, n.at = n.text[:0], -1
	made = &stitched{laid: p.laid, pieces: make([]piece, len(p.threads))}
	for i, at := range from {
		if at >= 0 && before.pieces != nil {
			made.pieces[i] = before.pieces[at]
			continue
		}
		if i%turn == turn-1 {
			runtime.Gosched()
		}
		if made.pieces[i], err = n.thread(p, i); err != nil {
			return nil, 0, nil, err
		}
	}
	for i, text := range p.edges() {
		made.edges[i] = before.edges[i]
		if !bytes.Equal(text, before.edges[i].text) {
			made.edges[i] = edge{text, n.piece(text, nil)}
		}
	}
	file, size = made.join()
	return file, size, made, nil
}

// thread prints a thread and compresses it behind the one before.
func (n *needle) thread(p *parts, i int) (one piece, err error) {
	n.last = n.last[:0]
	if n.at == i-1 {
		n.text, n.last = n.last, n.text
	} else if i > 0 {
		n.last, err = p.thread(n.last, i-1)
	}
	if err == nil {
		n.text, err = p.thread(n.text[:0], i)
	}
	n.at = i
	return n.piece(n.text, n.last), err
}

// same finds, for each thread, which of before stands behind what it stood behind there, both unchanged; -1 = none.
func (p *parts) same(before *stitched) (from []int, todo int) {
	from = make([]int, len(p.threads))
	last := -1 // where the thread before was, unchanged
	at := 0
	for i, t := range p.threads {
		was := slices.IndexFunc(before.threads[at:], func(b parley.Thread) bool { return b.Root.ID == t.Root.ID })
		if was >= 0 {
			at += was
		}
		now := -1
		if was >= 0 && p.place == before.place && equal(t, before.threads[at]) {
			now = at
		}
		from[i] = now
		if now != last+1 || i > 0 && last < 0 {
			from[i] = -1
			todo++
		}
		last = now
	}
	return from, todo
}

// equal tells whether two threads are printed alike in one place.
func equal(a, b parley.Thread) bool {
	return a.More == b.More && a.Root == b.Root && slices.Equal(a.Replies, b.Replies)
}

// edges gives what stands around the threads. Before the section that tells of the story are its signs, which is what
// there is most of.
func (p *parts) edges() [3][]byte {
	same := max(0, bytes.Index(p.head, []byte("<section ")))
	return [3][]byte{p.head[:same], p.head[same:], p.tail}
}

// join makes one gzip file of the pieces (RFC 1952), and moves them into it.
func (s *stitched) join() (file []byte, size int) {
	all := []*piece{&s.edges[0].piece, &s.edges[1].piece}
	for i := range s.pieces {
		all = append(all, &s.pieces[i])
	}
	all = append(all, &s.edges[2].piece)
	length := len(opening) + len(ending) + 8
	for _, one := range all {
		length += len(one.zipped)
	}
	file = append(make([]byte, 0, length), opening...)
	sum := uint32(0)
	for _, one := range all {
		from := len(file)
		file = append(file, one.zipped...)
		one.zipped = file[from:]
		size += one.size
		sum = crcBehind(sum, one.size) ^ one.sum
	}
	file = append(file, ending...)
	file = binary.LittleEndian.AppendUint32(file, sum)
	return binary.LittleEndian.AppendUint32(file, uint32(size)), size
}

// opening is what a gzip file begins with that says nothing of itself, and ending an empty last block of deflate.
const (
	opening = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
	ending  = "\x01\x00\x00\xff\xff"
)

// crcBehind gives what a checksum becomes when so many bytes stand behind what it is of, less what those add. As
// polynomials over two elements, highest power in the lowest bit, that is its product with x to the power of eight times
// their number.
func crcBehind(sum uint32, bytes int) uint32 {
	for i := 0; bytes != 0; i, bytes = i+1, bytes>>1 {
		if bytes&1 != 0 {
			sum = product(sum, doubled[i])
		}
	}
	return sum
}

// doubled are x^8, x^16, x^32 and so on.
var doubled = func() (powers [bits.UintSize]uint32) {
	powers[0] = 1 << (31 - 8)
	for i := range len(powers) - 1 {
		powers[i+1] = product(powers[i], powers[i])
	}
	return powers
}()

func product(a, b uint32) (sum uint32) {
	for ; a != 0; a <<= 1 {
		if a&(1<<31) != 0 {
			sum ^= b
		}
		b = b>>1 ^ crc32.IEEE&-(b&1)
	}
	return sum
}
