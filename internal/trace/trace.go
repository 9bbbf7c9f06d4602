// Package trace notes where a request spends its time, as spans in the sense of OpenTelemetry. It only makes them:
// what becomes of them is joined at the top of the program. While nothing is joined, or this request was not
// chosen, a span costs a few nanoseconds and no memory.
//
// A span carries ids, counts and words of the program's own, never anything that a person wrote or is known by:
// [Attr] has no room for it.
package trace

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"
)

// Attr is one thing noted about a span.
type Attr struct {
	Key    string
	Number int64
	Word   string // when not empty, in place of Number
}

// ID notes an id or a count.
func ID[T ~int64 | ~int](key string, id T) Attr { return Attr{Key: key, Number: int64(id)} }

// Word notes one of the program's own words: a route, a kind of event, the code of a refusal. Nothing that came
// from outside.
func Word(key, word string) Attr { return Attr{Key: key, Word: word} }

// Place names a span within its trace (W3C Trace Context, sections 3.2.2.3 and 3.2.2.4). The zero Place is none.
type Place struct {
	Trace [16]byte
	Span  [8]byte
}

// Finished is a span with everything that is told of it.
type Finished struct {
	Place
	Parent [8]byte // zero = it is the first of its trace
	Name   string
	Server bool // it answers a request from outside
	Begun  time.Time
	Ended  time.Time
	Attrs  []Attr
	Links  []Place // spans of other requests that it served as well
	Failed string  // the code of what went wrong
}

// Sink takes finished spans. It must not wait.
type Sink interface{ Take(Finished) }

// joined is what [To] was given; nil = nobody listens.
var joined atomic.Pointer[joint]

type joint struct {
	sink  Sink
	below uint64 // traces are chosen whose id's last eight bytes, as a number, lie below it
}

// To sends spans to sink from now on; ratio, 0 to 1, is how many of the requests that nobody else has decided about are
// traced. A nil sink ends it.
func To(sink Sink, ratio float64) {
	if sink == nil {
		joined.Store(nil)
		return
	}
	below := uint64(math.MaxUint64)
	if ratio < 1 {
		below = uint64(max(ratio, 0) * math.MaxUint64)
	}
	joined.Store(&joint{sink, below})
}

// Span is something that takes time. The zero Span notes nothing. It belongs to one goroutine.
type Span struct{ at *span }

type span struct {
	Finished
	sink Sink
}

type key struct{}

// Root begins a trace with an answer to a request. parent is the caller's traceparent header where the caller is to
// be believed, and "" otherwise: then the dice decide whether this request is traced, and nobody outside.
func Root(ctx context.Context, name, parent string) (context.Context, Span) {
	j := joined.Load()
	if j == nil {
		return ctx, Span{}
	}
	s := Finished{Name: name, Server: true}
	place, chosen, ok := parse(parent)
	if ok {
		s.Trace, s.Parent = place.Trace, place.Span
	} else {
		number := rand.Uint64()
		if chosen = number < j.below || j.below == math.MaxUint64; chosen {
			binary.BigEndian.PutUint64(s.Trace[:], rand.Uint64()|1)
			binary.BigEndian.PutUint64(s.Trace[8:], number)
		}
	}
	if !chosen {
		return ctx, Span{}
	}
	return begin(ctx, j, s)
}

// Start begins a span under the one that ctx carries. Where it carries none, nothing is noted.
func Start(ctx context.Context, name string, attrs ...Attr) (context.Context, Span) {
	j := joined.Load()
	if j == nil {
		return ctx, Span{}
	}
	above := Of(ctx)
	if above.at == nil {
		return ctx, Span{}
	}
	return begin(ctx, j, above.under(name, attrs))
}

// After begins a span under one that may have ended: what happens because of it, later and elsewhere.
func After(ctx context.Context, cause Place, name string, attrs ...Attr) (context.Context, Span) {
	j := joined.Load()
	if j == nil || cause == (Place{}) {
		return ctx, Span{}
	}
	return begin(ctx, j, Span{&span{Finished: Finished{Place: cause}}}.under(name, attrs))
}

func begin(ctx context.Context, j *joint, f Finished) (context.Context, Span) {
	f.Begun = time.Now()
	f.Span = newID()
	s := Span{&span{f, j.sink}}
	return context.WithValue(ctx, key{}, s.at), s
}

func (s Span) under(name string, attrs []Attr) Finished {
	f := Finished{Name: name, Parent: s.at.Span, Attrs: append([]Attr(nil), attrs...)}
	f.Trace = s.at.Trace
	return f
}

// Of gives the span that ctx carries.
func Of(ctx context.Context) Span {
	s, _ := ctx.Value(key{}).(*span)
	return Span{s}
}

// Onto gives ctx with the span that other carries: one's time, the other's trace.
func Onto(ctx, other context.Context) context.Context {
	if joined.Load() == nil {
		return ctx
	}
	if s := Of(other); s.at != nil {
		return context.WithValue(ctx, key{}, s.at)
	}
	return ctx
}

// Noted tells whether anything is noted.
func (s Span) Noted() bool { return s.at != nil }

// Place gives where the span stands, for links and for what comes after it.
func (s Span) Place() Place {
	if s.at == nil {
		return Place{}
	}
	return s.at.Finished.Place
}

// Name says what it turned out to be.
func (s Span) Name(name string) {
	if s.at != nil {
		s.at.Finished.Name = name
	}
}

// Note adds to what is told of it.
func (s Span) Note(attrs ...Attr) {
	if s.at != nil {
		s.at.Attrs = append(s.at.Attrs, attrs...)
	}
}

// Link says that it served others as well.
func (s Span) Link(places ...Place) {
	if s.at != nil {
		s.at.Links = append(s.at.Links, places...)
	}
}

// Fail says what went wrong, in a code of the program's own.
func (s Span) Fail(code string) {
	if s.at != nil {
		s.at.Failed = code
	}
}

// End ends it. Nothing is to be noted afterwards.
func (s Span) End() {
	if s.at != nil {
		s.at.Ended = time.Now()
		s.at.sink.Take(s.at.Finished)
	}
}

// Together gives the span of work that was done for several at once since begun: it stands under the first of them and
// is linked to the others. s is what it gave for the one before, the zero Span for the first.
func (s Span) Together(one Span, name string, begun time.Time, attrs ...Attr) Span {
	if s.at != nil {
		s.Link(one.Place())
		return s
	}
	f := one.under(name, attrs)
	f.Span, f.Begun = newID(), begun
	return Span{&span{f, one.at.sink}}
}

// Past notes under s what began and ended without a span of its own.
func (s Span) Past(name string, begun, ended time.Time, attrs ...Attr) {
	if s.at == nil {
		return
	}
	f := s.under(name, attrs)
	f.Span, f.Begun, f.Ended = newID(), begun, ended
	s.at.sink.Take(f)
}

func newID() (id [8]byte) {
	binary.BigEndian.PutUint64(id[:], rand.Uint64()|1) // all zeroes are not an id
	return id
}

// parse reads a traceparent header (W3C Trace Context, section 3.2).
func parse(header string) (p Place, chosen, ok bool) {
	if header == "" {
		return p, false, false
	}
	parts := strings.Split(header, "-")
	if len(parts) < 4 || len(header) > 256 || len(parts[0]) != 2 || parts[0] == "ff" || parts[0] == "00" && len(parts) > 4 || header != strings.ToLower(header) {
		return p, false, false
	}
	var version, flags [1]byte
	for i, into := range [][]byte{version[:], p.Trace[:], p.Span[:], flags[:]} {
		if len(parts[i]) != 2*len(into) {
			return Place{}, false, false
		}
		if _, err := hex.Decode(into, []byte(parts[i])); err != nil {
			return Place{}, false, false
		}
	}
	if p.Trace == [16]byte{} || p.Span == [8]byte{} {
		return Place{}, false, false
	}
	return p, flags[0]&1 == 1, true
}
