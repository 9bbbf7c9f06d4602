//go:build unix

package render

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"parley"
)

// full is a first page as it mostly is: 25 threads, each with its first three replies, no two comments alike.
func full() Page {
	p := sample()
	thread := p.Threads[0]
	words := strings.Fields(thread.Root.HTML + thread.Replies[0].HTML + thread.Replies[1].HTML + thread.Replies[2].HTML)
	said := 0
	say := func(c *parley.Comment) {
		c.HTML = ""
		for range 50 {
			said = said*31 + 7
			c.Body += strings.Trim(words[said&0xffff%len(words)], "</p>") + " "
		}
	}
	p.Threads = nil
	for n := range parley.ID(parley.PageThreads) {
		top := root((n+1)*1_000_003, tobias, "", int(n%5), 4)
		say(&top)
		replies := make([]parley.Comment, parley.FirstReplies)
		for i := range replies {
			replies[i] = reply(top.ID+parley.ID(i)+1, top, hanne, "", i)
			say(&replies[i])
		}
		p.Threads = append(p.Threads, parley.Thread{Root: top, Replies: replies, More: true})
	}
	return p
}

// build makes a body from a page, all the way to its compressed form.
func build(b *testing.B, r *Renderer, page Page, changed bool) *Body {
	var w bytes.Buffer
	if err := r.Fragment(&w, page); err != nil {
		b.Fatal(err)
	}
	body := newBody(Built{HTML: w.Bytes()}, "b")
	body.hasty = changed
	body.compressed()
	return body
}

// spent gives the CPU time that the process has used: on a busy machine the time on the wall says nothing.
func spent(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkBuildPage builds a page without what the database takes, in turns: with patience, as one that nobody has
// asked for since it was last kept, and in a hurry, as one that has just changed.
func BenchmarkBuildPage(b *testing.B) {
	page, r := full(), blank(b)
	var first, again time.Duration
	for b.Loop() {
		began := spent(b)
		build(b, r, page, false)
		between := spent(b)
		page.Threads[0].Root.ID++
		build(b, r, page, true)
		first += between - began
		again += spent(b) - between
	}
	b.ReportMetric(float64(first.Microseconds())/float64(b.N), "first-µs")
	b.ReportMetric(float64(again.Microseconds())/float64(b.N), "again-µs")
}

// BenchmarkStitchPage builds a page in which one reply has come, again and again.
func BenchmarkStitchPage(b *testing.B) {
	page, r := full(), blank(b)
	var body *Body
	for range 3 {
		body = following(b, r, page, body)
	}
	b.ReportAllocs()
	began, n := spent(b), 0
	for b.Loop() {
		page.Threads[n%len(page.Threads)].Root.Replies++
		page.Threads = slices.Clone(page.Threads)
		body = following(b, r, page, body)
		n++
	}
	b.ReportMetric(float64((spent(b)-began).Microseconds())/float64(b.N), "page-µs")
	b.ReportMetric(float64(len(body.zipped.content)), "bytes")
}

// BenchmarkFragment writes a page's markup alone.
func BenchmarkFragment(b *testing.B) {
	page, r := full(), blank(b)
	var w bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		w.Reset()
		if err := r.Fragment(&w, page); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(int64(w.Len()))
}

func BenchmarkServe(b *testing.B) {
	body := build(b, renderer(), full(), false)
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Header.Set("Accept-Encoding", "gzip")
	b.ReportAllocs()
	for b.Loop() {
		body.Serve(httptest.NewRecorder(), request)
	}
}
