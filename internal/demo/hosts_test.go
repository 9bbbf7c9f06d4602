package demo

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestHosts(t *testing.T) {
	if got, want := Hosts(8080), (Names{"http://forum.meridian.localhost:8080", "http://letters.meridian.localhost:8080"}); got != want {
		t.Errorf("port 8080 gives %+v, want %+v", got, want)
	}
	if got := Hosts(80).Forum; got != "http://forum.meridian.localhost" {
		t.Errorf("port 80 gives %s, with a port that no browser sends", got)
	}
}

func TestRoute(t *testing.T) {
	answer := func(with string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, with) })
	}
	route := Hosts(8080).Route(answer("forum"), answer("letters"))
	for _, c := range []struct {
		method, host, mode, path string
		status                   int
		want                     string // the body, or where it leads
	}{
		{"GET", "forum.meridian.localhost:8080", "navigate", "/", 200, "forum"},
		{"GET", "letters.meridian.localhost:8080", "navigate", "/", 200, "letters"},
		{"GET", "127.0.0.1:8080", "", "/healthz", 200, "forum"},
		{"GET", "127.0.0.1:8080", "cors", "/fragment", 200, "forum"},
		{"POST", "localhost:8080", "navigate", "/account/register", 200, "forum"},
		{"GET", "localhost:8080", "navigate", "/s/12?sort=oldest&x=%20y", 307, "http://forum.meridian.localhost:8080/s/12?sort=oldest&x=%20y"},
		{"GET", "127.0.0.1:8080", "navigate", "/", 307, "http://forum.meridian.localhost:8080/"},
		{"GET", "[::1]:8080", "navigate", "//evil.example/x", 307, "http://forum.meridian.localhost:8080//evil.example/x"},
		{"GET", "[::1]", "navigate", "/", 307, "http://forum.meridian.localhost:8080/"},
		{"GET", "other.example", "navigate", "/", 200, "forum"},
		{"GET", "letters.meridian.localhost.example", "navigate", "/", 200, "forum"},
	} {
		r := httptest.NewRequest(c.method, c.path, nil)
		r.Host = c.host
		if c.mode != "" {
			r.Header.Set("Sec-Fetch-Mode", c.mode)
		}
		w := httptest.NewRecorder()
		route.ServeHTTP(w, r)
		got := w.Body.String()
		if w.Code == http.StatusTemporaryRedirect {
			got = w.Header().Get("Location")
		}
		if w.Code != c.status || got != c.want {
			t.Errorf("%s %s%s (%s) gives %d %q, want %d %q", c.method, c.host, c.path, c.mode, w.Code, got, c.status, c.want)
		}
	}
}
