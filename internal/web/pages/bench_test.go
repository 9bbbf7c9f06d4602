package pages_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// BenchmarkCached is what the routes themselves cost for pages that are in the cache: everything but the
// network.
func BenchmarkCached(b *testing.B) {
	w := newWorld(b)
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("A page")
	root := w.post(ilse, story.ID, 0, "Words.")
	handler := w.handler(w.pages)
	for name, path := range map[string]string{
		"story": "/s/" + story.ID.String(), "fragment": "/fragment?story=" + story.ID.String(), "fragment by address": "/fragment?story=https%3A%2F%2Fnews.example%2F1",
		"threads": "/s/" + story.ID.String() + "/comments?sort=oldest", "article": "/articles/who-may-close-a-street",
		"permalink": "/c/" + root.ID.String(), "item": "/c/" + root.ID.String() + "/item", "profile": "/readers/" + ilse.ID.String(), "index": "/",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				answer := httptest.NewRecorder()
				r := httptest.NewRequest("GET", path, nil)
				r.Header.Set("Accept-Encoding", "gzip")
				if handler.ServeHTTP(answer, r); answer.Code != http.StatusOK {
					b.Fatal(answer.Code)
				}
			}
		})
	}
}
