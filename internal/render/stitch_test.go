package render

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	stdgzip "compress/gzip"

	"parley"
)

// lay gives a page as it is handed to the cache.
func lay(t testing.TB, r *Renderer, p Page) Built {
	t.Helper()
	sheet := new(Sheet)
	if err := r.Fragment(sheet, p); err != nil {
		t.Fatal(err)
	}
	return Built{Sheet: sheet, Revision: p.Story.Revision}
}

// following gives the bodies of a story whose readers take gzip, each in the place of the one before.
func following(t testing.TB, r *Renderer, p Page, before *Body) *Body {
	t.Helper()
	body, err := succeed(lay(t, r, p), "b", before)
	if err != nil {
		t.Fatal(err)
	}
	body.compressed()
	return body
}

// happen lets one thing happen to a page, and tells what.
func happen(p *Page, dice *rand.Rand, n int) string {
	p.Story.Revision++
	p.Threads = slices.Clone(p.Threads)
	one := &p.Threads[dice.IntN(len(p.Threads))]
	switch dice.IntN(9) {
	case 0:
		p.Threads = slices.Insert(p.Threads, 0, parley.Thread{Root: root(parley.ID(900_000_000+n), hanne, "<p>Another &amp; newer thought.</p>", 0, 0)})
		return "a thread"
	case 1:
		one.Root.Replies++
		one.Replies = append(slices.Clip(one.Replies), reply(parley.ID(800_000_000+n), one.Root, tobias, fmt.Sprintf("<p>Reply %d.</p>", n), 0))
		return "a reply"
	case 2:
		one.Root.Recommendations++
		return "a recommendation"
	case 3:
		one.More = !one.More
		return "further replies"
	case 4:
		one.Root.State = parley.Removed
		return "a removal"
	case 5:
		p.Threads = slices.Delete(p.Threads, 3, 4)
		return "a thread less"
	case 6:
		p.Threads[0], p.Threads[2] = p.Threads[2], p.Threads[0]
		return "another order"
	case 7:
		p.Story.ClosedAt = parley.Time(dice.IntN(2))
		return "closed or opened"
	}
	p.Story.Comments++
	return "nothing in the threads"
}

// TestStitched lets everything happen on a page, one after the other, and compares what is served with the page as it is
// printed by itself.
func TestStitched(t *testing.T) {
	page, r, dice := full(), renderer(), rand.New(rand.NewPCG(3, 4))
	var body *Body
	stitched := 0
	for n := range 400 {
		what := happen(&page, dice, n)
		if len(page.Threads) < 10 {
			page.Threads = full().Threads
		}
		body = following(t, r, page, body)
		var want bytes.Buffer
		if err := r.Fragment(&want, page); err != nil {
			t.Fatal(err)
		}
		z, err := stdgzip.NewReader(bytes.NewReader(body.compressed().content))
		if err != nil {
			t.Fatal(err)
		}
		z.Multistream(false)
		got, err := io.ReadAll(z) // which compares length and checksum, too
		if err != nil {
			t.Fatalf("step %d, %s: %v", n, what, err)
		}
		if !bytes.Equal(got, want.Bytes()) || body.size != want.Len() || !bytes.Equal(body.whole(), got) {
			t.Fatalf("step %d, %s: another page is served than was printed", n, what)
		}
		if body.stitch != nil && body.stitch.pieces != nil {
			stitched++
			if whole := squeeze(hasty, got); len(body.zipped.content) > len(whole)*4/3 {
				t.Fatalf("step %d, %s: %d bytes, in one piece %d", n, what, len(body.zipped.content), len(whole))
			}
		}
	}
	if stitched < 200 {
		t.Errorf("only %d of 400 pages were made of pieces", stitched)
	}
}

// A page of pieces has the same bytes whatever of it was taken over, since one ETag names them.
func TestStitchedAlike(t *testing.T) {
	page, r, dice := full(), renderer(), rand.New(rand.NewPCG(5, 6))
	var before, body *Body
	for n := range 40 {
		before = body
		body = following(t, r, page, before)
		if body.stitch != nil && body.stitch.pieces != nil {
			forgetful := &Body{stitch: &stitched{laid: before.stitch.laid}}
			forgetful.squeezed.Store(true)
			anew := following(t, r, page, forgetful)
			if !bytes.Equal(anew.zipped.content, body.zipped.content) || anew.ETag(true) != body.ETag(true) {
				t.Fatalf("step %d: other bytes where nothing was taken over", n)
			}
		}
		happen(&page, dice, n)
	}
}

// Whoever asks for the plain form of a page of pieces gets it, and from then on it is made in one.
func TestStitchedAndPlain(t *testing.T) {
	page, r := full(), renderer()
	body := following(t, r, page, nil)
	for range 3 {
		page.Story.Revision++
		body = following(t, r, page, body)
	}
	if body.stitch.pieces == nil || body.text.Load() != nil {
		t.Fatal("a page that changes quickly is kept in one piece, or plain")
	}
	var want bytes.Buffer
	if err := r.Fragment(&want, page); err != nil {
		t.Fatal(err)
	}
	if got := body.uncompressed(); !bytes.Equal(got, want.Bytes()) {
		t.Error("another page is served plain")
	}
	page.Story.Revision++
	if body = following(t, r, page, body); body.stitch != nil || body.text.Load() == nil {
		t.Error("a page that is asked for plain is made of pieces")
	}
}

// What has been printed before is not printed again: a page of a hundred comments of which one has changed.
func TestSame(t *testing.T) {
	p := full()
	one := &parts{laid: laid{threads: p.Threads}}
	before := &stitched{laid: laid{threads: p.Threads}}
	for _, c := range []struct {
		what   string
		change func(q *parts)
		todo   int
	}{
		{"nothing", func(*parts) {}, 0},
		{"a thread in front", func(q *parts) { q.threads = slices.Insert(slices.Clone(p.Threads), 0, parley.Thread{}) }, 2},
		{"the last thread gone", func(q *parts) { q.threads = p.Threads[:len(p.Threads)-1] }, 0},
		{"one in the middle", func(q *parts) { q.threads = slices.Clone(p.Threads); q.threads[9].More = !q.threads[9].More }, 2},
		{"the first", func(q *parts) { q.threads = slices.Clone(p.Threads); q.threads[0].Root.Recommendations++ }, 2},
		{"the last", func(q *parts) { q.threads = slices.Clone(p.Threads); q.threads[len(p.Threads)-1].Replies = nil }, 1},
		{"closed", func(q *parts) { q.place.closed = true }, len(p.Threads)},
	} {
		now := *one
		c.change(&now)
		if from, todo := now.same(before); todo != c.todo || len(from) != len(now.threads) {
			t.Errorf("%s: %d threads to do, want %d (%v)", c.what, todo, c.todo, from)
		}
	}
}

func FuzzChecksumsJoin(f *testing.F) {
	f.Add([]byte("one"), []byte("and another"))
	f.Add([]byte{}, bytes.Repeat([]byte{0}, 70_000))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		got := crcBehind(crc32.ChecksumIEEE(a), len(b)) ^ crc32.ChecksumIEEE(b)
		if want := crc32.ChecksumIEEE(slices.Concat(a, b)); got != want {
			t.Errorf("%08x, want %08x", got, want)
		}
	})
}
