package render

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"parley"
)

// full is a first page as it mostly is: 25 threads, each with its first three replies.
func full() Page {
	p := sample()
	thread := p.Threads[0]
	thread.Replies = thread.Replies[:parley.FirstReplies]
	p.Threads = nil
	for range parley.PageThreads {
		p.Threads = append(p.Threads, thread)
	}
	return p
}

func BenchmarkBuildPage(b *testing.B) {
	r, page := renderer(), full()
	for b.Loop() {
		var w bytes.Buffer
		if err := r.Fragment(&w, page); err != nil {
			b.Fatal(err)
		}
		newBody(Built{HTML: w.Bytes()}, "b")
	}
}

func BenchmarkTemplate(b *testing.B) {
	r, page := renderer(), full()
	for b.Loop() {
		if err := r.Threads(io.Discard, page); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkServe(b *testing.B) {
	var html bytes.Buffer
	if err := renderer().Fragment(&html, full()); err != nil {
		b.Fatal(err)
	}
	body := newBody(Built{HTML: html.Bytes()}, "b")
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Header.Set("Accept-Encoding", "gzip")
	b.ReportAllocs()
	for b.Loop() {
		body.Serve(httptest.NewRecorder(), request)
	}
}
