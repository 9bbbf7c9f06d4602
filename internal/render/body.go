package render

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"net/http"
	"strconv"
	"sync"
)

// Shared is the Cache-Control of what is the same for everybody: all may keep it, for a moment; while a new one
// is fetched, or the forum is away, an older one serves.
const Shared = "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400"

// exposed lists the headers that scripts of other origins may read.
const exposed = "Parley-Revision, Parley-Event, Parley-Next, Parley-More, ETag"

// squeezable is from how many bytes on gzip makes an answer smaller rather than larger.
const squeezable = 256

// Body is one finished answer: bytes that are the same for everybody. It is never changed after it is made.
type Body struct {
	HTML     []byte
	Gzip     []byte // nil when compressing does not help
	Revision int64
	Event    int64
	Next     string
	More     bool

	tag     string // the ETag without its quotes and coding
	headers http.Header
}

func newBody(b Built, build string) *Body {
	version := cmp.Or(b.Version, strconv.FormatInt(b.Revision, 10))
	body := &Body{
		HTML: b.HTML, Revision: b.Revision, Event: b.Event, Next: b.Next, More: b.More,
		tag: version + "-" + build,
	}
	if len(b.HTML) >= squeezable {
		body.Gzip = squeeze(b.HTML)
	}
	body.headers = http.Header{
		"Access-Control-Allow-Origin":   {"*"},
		"Access-Control-Expose-Headers": {exposed},
		"Cache-Control":                 {Shared},
		"Content-Type":                  {cmp.Or(b.Type, "text/html; charset=utf-8")},
		"Parley-Event":                  {strconv.FormatInt(b.Event, 10)},
		"Parley-Next":                   {b.Next},
		"Parley-Revision":               {strconv.FormatInt(b.Revision, 10)},
		"Vary":                          {"Accept-Encoding"},
	}
	if b.More {
		body.headers["Parley-More"] = []string{"1"}
	}
	return body
}

// writers keeps compressors for the next body; a new one costs most of a megabyte.
var writers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func squeeze(plain []byte) []byte {
	var out bytes.Buffer
	z := writers.Get().(*gzip.Writer)
	defer writers.Put(z)
	z.Reset(&out)
	_, _ = z.Write(plain) // a bytes.Buffer takes everything
	_ = z.Close()
	return bytes.Clone(out.Bytes())
}

func (b *Body) weight() uint32 {
	return uint32(min(len(b.HTML)+len(b.Gzip)+overhead, 1<<31))
}

// ETag gives the validator of the body in one coding, quotes included.
func (b *Body) ETag(zipped bool) string {
	if zipped {
		return `"` + b.tag + `-gz"`
	}
	return `"` + b.tag + `-id"`
}
