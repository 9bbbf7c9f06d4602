package render

import (
	"bytes"
	"cmp"
	"io"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"
)

// Shared is the Cache-Control of what is the same for everybody: all may keep it, for a moment; while a new one
// is fetched, or the forum is away, an older one serves.
const Shared = "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400"

// exposed lists the headers that scripts of other origins may read.
const exposed = "Parley-Revision, Parley-Event, Parley-Next, Parley-More, ETag"

// squeezable is from how many bytes on gzip makes an answer smaller rather than larger.
const squeezable = 256

// Body is one finished answer: bytes that are the same for everybody. What it says is never changed after it is made.
// The first who asks for the compressed form makes it. From then on it is the only one kept, as long as nobody asks
// for the plain one: that is seven times as large, and all browsers take the other.
type Body struct {
	Revision int64
	Event    int64
	Next     string
	More     bool

	tag     string // the ETag without its quotes and coding
	headers []header
	made    time.Time
	hasty   bool // compressed in a hurry, for a page that will soon be another
	plain   form
	zipped  form
	zip     sync.Once
	stitch  *stitched // of a page of threads that is changing: what the next is made of; nil = nothing

	text     atomic.Pointer[[]byte] // the plain bytes; nil = only compressed ones are kept
	size     int                    // how many those are
	squeezed atomic.Bool            // somebody has asked for the compressed form
	wanted   atomic.Bool            // somebody has asked for the plain one
}

// header is one header of an answer as net/http keeps it; nobody changes the values.
type header struct {
	name   string
	values []string
}

// form is a body in one coding.
type form struct {
	content []byte // of the compressed form; nil when compressing does not help
	tag     []string
	length  []string
}

func describe(tag string, length int) form {
	return form{tag: []string{tag}, length: []string{strconv.Itoa(length)}}
}

// succeed finishes what was built, in the place of a body before; nil = of none. A page that was there before is
// compressed before anybody waits for it, where its readers take it so.
func succeed(b Built, build string, before *Body) (body *Body, err error) {
	var p *parts
	if b.Sheet != nil {
		p = b.Sheet.parts
	}
	zipped := before != nil && before.squeezed.Load()
	plain := before != nil && before.wanted.Load()
	if p != nil && zipped && !plain && before.stitch != nil {
		file, size, made, err := p.stitch(before.stitch)
		if err != nil {
			return nil, err
		}
		if made != nil {
			return joined(b, build, file, size, made), nil
		}
	}
	if b.Sheet != nil {
		if b.HTML, err = b.Sheet.whole(); err != nil {
			return nil, err
		}
	}
	body = newBody(b, build)
	body.hasty = before != nil // it has changed before
	body.wanted.Store(plain)
	if p != nil && body.hasty && !plain {
		body.stitch = &stitched{laid: p.laid}
	}
	if zipped {
		body.compressed()
	}
	return body, nil
}

// joined gives the body that is kept in its compressed form alone, which was made of pieces.
func joined(b Built, build string, file []byte, size int, made *stitched) *Body {
	body := newBody(b, build)
	body.text.Store(nil)
	body.size, body.plain = size, describe(body.ETag(false), size)
	body.hasty, body.stitch = true, made
	body.zip.Do(func() {
		body.squeezed.Store(true)
		body.zipped = describe(body.ETag(true), len(file))
		body.zipped.content = file
	})
	return body
}

func newBody(b Built, build string) *Body {
	version := cmp.Or(b.Version, strconv.FormatInt(b.Revision, 10))
	body := &Body{
		Revision: b.Revision, Event: b.Event, Next: b.Next, More: b.More,
		tag: version + "-" + build, made: time.Now(), size: len(b.HTML),
	}
	body.text.Store(&b.HTML)
	body.plain = describe(body.ETag(false), body.size)
	body.headers = []header{
		{"Access-Control-Allow-Origin", []string{"*"}},
		{"Access-Control-Expose-Headers", []string{exposed}},
		{"Cache-Control", []string{Shared}},
		{"Content-Type", []string{cmp.Or(b.Type, "text/html; charset=utf-8")}},
		{"Parley-Event", []string{strconv.FormatInt(b.Event, 10)}},
		{"Parley-Next", []string{b.Next}},
		{"Parley-Revision", []string{strconv.FormatInt(b.Revision, 10)}},
		{"Vary", []string{"Accept-Encoding"}},
	}
	if b.More {
		body.headers = append(body.headers, header{"Parley-More", []string{"1"}})
	}
	return body
}

// settled gives the same body to be compressed with patience. Its compressed bytes are others, and so is their ETag.
func (b *Body) settled() *Body {
	text := b.whole()
	calm := &Body{
		Revision: b.Revision, Event: b.Event, Next: b.Next, More: b.More,
		tag: b.tag, headers: b.headers, made: b.made, plain: b.plain, size: b.size,
	}
	calm.text.Store(&text)
	calm.wanted.Store(b.wanted.Load())
	return calm
}

// whole gives the plain bytes, out of the compressed ones where those alone are kept.
func (b *Body) whole() []byte {
	if text := b.text.Load(); text != nil {
		return *text
	}
	z, err := gzip.NewReader(bytes.NewReader(b.zipped.content))
	if err != nil {
		panic(err) // we wrote them
	}
	text := make([]byte, b.size)
	if _, err := io.ReadFull(z, text); err != nil {
		panic(err)
	}
	return text
}

// uncompressed is whole for somebody who asks for it; the next will, too.
func (b *Body) uncompressed() []byte {
	text := b.whole()
	b.wanted.Store(true)
	if b.text.Load() == nil {
		b.text.Store(&text)
	}
	return text
}

// compressed gives the body as gzip, without content when that does not help.
func (b *Body) compressed() *form {
	b.zip.Do(func() {
		b.squeezed.Store(true)
		if b.size < squeezable {
			return
		}
		pool := patient
		if b.hasty {
			pool = hasty
		}
		content := squeeze(pool, b.whole())
		b.zipped = describe(b.ETag(true), len(content))
		b.zipped.content = content
		if !b.wanted.Load() {
			b.text.Store(nil)
		}
	})
	return &b.zipped
}

// Levels of compression, measured on a first page of 100 comments (164 kB): the hasty one makes 26.3 kB of it in 0.65 ms,
// the patient one 22.7 in 0.88. The next takes 1.2 ms to save a hundredth, the last 2.7 ms to save a fifteenth.
var hasty, patient = compressors(gzip.BestSpeed), compressors(6)

// squeezedAtOnce is after how many bytes others have their turn: a page takes as long as thirty readers are served in.
const squeezedAtOnce = 32 << 10

// compressors keeps compressors for the next body; a new one costs most of a megabyte.
func compressors(level int) *sync.Pool {
	return &sync.Pool{New: func() any {
		z, err := gzip.NewWriterLevel(nil, level)
		if err != nil {
			panic(err) // there is no such level
		}
		return z
	}}
}

func squeeze(pool *sync.Pool, plain []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(plain) / 4)
	z := pool.Get().(*gzip.Writer)
	defer pool.Put(z)
	z.Reset(&out)
	for part := range slices.Chunk(plain, squeezedAtOnce) {
		_, _ = z.Write(part) // a bytes.Buffer takes everything
		runtime.Gosched()
	}
	_ = z.Close()
	return bytes.Clone(out.Bytes())
}

// weight counts both forms, though one of them is mostly not there, and the compressed one, which may not have been
// made yet, as a third of the plain one: pages come to a seventh, and no text that people write to more than half.
func (b *Body) weight() uint32 {
	return uint32(min(b.size+b.size/3+overhead, 1<<31))
}

// ETag gives the validator of the body in one coding, quotes included.
func (b *Body) ETag(zipped bool) string {
	switch {
	case !zipped:
		return `"` + b.tag + `-id"`
	case b.hasty && b.stitch != nil && b.stitch.pieces != nil:
		return `"` + b.tag + `-gp"`
	case b.hasty:
		return `"` + b.tag + `-gq"`
	}
	return `"` + b.tag + `-gz"`
}
