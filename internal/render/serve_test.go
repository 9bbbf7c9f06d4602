package render

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
)

func served(b *Body, method string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, "/s/700/comments", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	w.Header().Set("Vary", "Cookie") // what stood there stays
	b.Serve(w, r)
	return w.Result()
}

func TestServe(t *testing.T) {
	html := bytes.Repeat([]byte("<li>a comment</li>"), 100)
	b := newBody(Built{HTML: html, Revision: 41, Event: 190, Next: "abc", More: true}, "ab12")
	for _, tt := range []struct {
		name, method string
		accept, has  []string
		status       int
		zipped, body bool
	}{
		{"plain", "GET", nil, nil, 200, false, true},
		{"zipped", "GET", []string{"gzip, deflate, br"}, nil, 200, true, true},
		{"head", "HEAD", []string{"gzip"}, nil, 200, true, false},
		{"gzip refused", "GET", []string{"gzip;q=0, *"}, nil, 200, false, true},
		{"gzip less welcome", "GET", []string{"identity, gzip;q=0.5"}, nil, 200, false, true},
		{"gzip more welcome", "GET", []string{"identity;q=0.5", "GZIP; q=0.8"}, nil, 200, true, true},
		{"anything", "GET", []string{"*"}, nil, 200, true, true},
		{"known", "GET", nil, []string{`"41-ab12-id"`}, 304, false, false},
		{"known zipped", "GET", []string{"gzip"}, []string{`"40-ab12-gz", W/"41-ab12-gz"`}, 304, true, false},
		{"known in the other coding", "GET", []string{"gzip"}, []string{`"41-ab12-id"`}, 200, true, true},
		{"of another build", "GET", nil, []string{`"41-ab11-id"`}, 200, false, true},
		{"anything known", "HEAD", nil, []string{"*"}, 304, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var headers []string
			for _, v := range tt.accept {
				headers = append(headers, "Accept-Encoding", v)
			}
			for _, v := range tt.has {
				headers = append(headers, "If-None-Match", v)
			}
			answer := served(b, tt.method, headers...)
			h := answer.Header
			if answer.StatusCode != tt.status || h.Get("ETag") != b.ETag(tt.zipped) {
				t.Errorf("status %d, ETag %s", answer.StatusCode, h.Get("ETag"))
			}
			for name, want := range map[string]string{
				"Cache-Control": "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400", "Access-Control-Allow-Origin": "*",
				"Parley-Revision": "41", "Parley-Event": "190", "Parley-Next": "abc", "Parley-More": "1",
			} {
				if h.Get(name) != want {
					t.Errorf("%s is %q, want %q", name, h.Get(name), want)
				}
				if strings.HasPrefix(name, "Parley-") && !strings.Contains(h.Get("Access-Control-Expose-Headers"), name) {
					t.Errorf("%s is hidden from other origins", name)
				}
			}
			if vary := strings.Join(h.Values("Vary"), ", "); vary != "Accept-Encoding, Cookie" {
				t.Errorf("Vary is %q", vary)
			}
			body, err := io.ReadAll(answer.Body)
			if err != nil || (len(body) > 0) != tt.body {
				t.Fatalf("a body of %d bytes: %v", len(body), err)
			}
			if tt.status == 304 {
				return
			}
			if zipped := h.Get("Content-Encoding") == "gzip"; zipped != tt.zipped || h.Get("Content-Type") != "text/html; charset=utf-8" {
				t.Errorf("headers %v", h)
			}
			if tt.zipped && tt.body {
				z, err := gzip.NewReader(bytes.NewReader(body))
				if err != nil {
					t.Fatal(err)
				}
				if body, err = io.ReadAll(z); err != nil {
					t.Fatal(err)
				}
			}
			if tt.body && !bytes.Equal(body, html) {
				t.Error("the bytes are others")
			}
		})
	}
}

// What one answer adds to its headers must not reach the next.
func TestServeSharesNothing(t *testing.T) {
	b := newBody(Built{HTML: []byte("<li></li>")}, "ab12")
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	b.Serve(w, r)
	w.Header().Add("Cache-Control", "private")
	w.Header().Add("Vary", "Cookie")
	w = httptest.NewRecorder()
	b.Serve(w, r)
	if h := w.Header(); len(h.Values("Cache-Control")) != 1 || len(h.Values("Vary")) != 1 {
		t.Errorf("the next answer has %v", h)
	}
	if w.Header().Get("Content-Encoding") != "" || b.compressed().content != nil {
		t.Error("nine bytes were compressed")
	}
}

func TestBuildIsStable(t *testing.T) {
	first, second := Build(), Build()
	if first == "" || first != second || strings.ContainsAny(first, `" ,`) {
		t.Errorf("build is %q, then %q", first, second)
	}
}

// TestETagNamesTheBytes holds that what is made of something beside the story is not confirmed for another.
func TestETagNamesTheBytes(t *testing.T) {
	c := NewCache(1<<20, "ab12")
	tag := func(form string, b Built) string {
		t.Helper()
		b.HTML = []byte("<p>")
		body, err := c.Get(t.Context(), Key{Story: 1, Kind: "article", Form: form}, 0,
			func(context.Context) (int64, error) { return 41, nil },
			func(context.Context) (Built, error) { b.Revision = 41; return b, nil })
		if err != nil {
			t.Fatal(err)
		}
		return body.ETag(false)
	}
	if got := tag("", Built{}); got != `"41-ab12-id"` {
		t.Errorf("a view of the story alone has ETag %s", got)
	}
	if first, second := tag("v1", Built{}), tag("v2", Built{}); first == second || !strings.HasPrefix(first, `"41-`) {
		t.Errorf("two forms have ETags %s and %s", first, second)
	}
	if got := tag("other", Built{Version: "beef"}); got != `"beef-ab12-id"` {
		t.Errorf("a view with a version of its own has ETag %s", got)
	}
}

func TestOtherTypes(t *testing.T) {
	answer := httptest.NewRecorder()
	newBody(Built{HTML: []byte("{}"), Type: "application/feed+json"}, "b").Serve(answer, httptest.NewRequest("GET", "/", nil))
	if got := answer.Header().Get("Content-Type"); got != "application/feed+json" {
		t.Errorf("it is served as %q", got)
	}
}

// Of a body that is read compressed only that form is kept, until somebody wants the plain one.
func TestOneFormIsKept(t *testing.T) {
	text := strings.Repeat("<li>As much as a page has. </li>", 500)
	body := newBody(Built{HTML: []byte(text), Revision: 1}, "b")
	read := func(coding string) string {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", coding)
		w := httptest.NewRecorder()
		body.Serve(w, r)
		if w.Header().Get("Content-Length") != strconv.Itoa(w.Body.Len()) {
			t.Errorf("%s bytes are announced, %d come", w.Header().Get("Content-Length"), w.Body.Len())
		}
		if coding != "gzip" {
			return w.Body.String()
		}
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		all, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		return string(all)
	}
	for i, step := range []struct {
		coding string
		kept   bool
	}{{"gzip", false}, {"gzip", false}, {"identity", true}, {"gzip", true}, {"identity", true}} {
		if read(step.coding) != text {
			t.Fatalf("step %d: another text", i)
		}
		if kept := body.text.Load() != nil; kept != step.kept {
			t.Errorf("step %d: the plain form is kept: %v", i, kept)
		}
	}
	if calm := body.settled(); string(calm.whole()) != text || !calm.wanted.Load() {
		t.Error("the settled body is another")
	}
}
