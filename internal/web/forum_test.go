package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley/internal/store/storetest"
	"parley/internal/web/webtest"
)

// TestNothingLeavesTheBasePath asks a forum under a path of the newspaper's host in every spelling of its addresses.
func TestNothingLeavesTheBasePath(t *testing.T) {
	for base, paths := range map[string]map[string]string{
		"https://www.example.com/_parley": {
			"/_parley/s/1": "", "/_parley/": "", "/_parley/a%2Fb": "", // served as they stand
			"/_parley":                 "/_parley/",
			"/_parley//s//1?sort=new":  "/_parley/s/1?sort=new",
			"/_parley/s/../c/1/":       "/_parley/c/1/",
			"/_parley/../../etc":       "/_parley/etc",
			"/_parley/a%2Fb/./c":       "/_parley/a%2Fb/c",
			"/_parley//evil.example/x": "/_parley/evil.example/x",
			"/":                        "nowhere", "/s/1": "nowhere", "/_parleyx": "nowhere", "/_parle": "nowhere", "//_parley/s/1": "nowhere",
		},
		"https://forum.example.com": {
			"/s/1": "", "/": "",
			"//evil.example/..": "/", "/s//1": "/s/1", "/./": "/",
		},
	} {
		origin := "https://" + strings.Split(base, "/")[2]
		f := webtest.Forum(t, storetest.Open(t), "one", origin)
		f.Site.BaseURL = base
		served := ""
		handler, err := f.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { served = r.URL.EscapedPath() }))
		if err != nil {
			t.Fatal(err)
		}
		for path, want := range paths {
			served = ""
			r := httptest.NewRequest(http.MethodGet, "http://internal.example", nil)
			target, query, _ := strings.Cut(path, "?")
			r.URL.Path, r.URL.RawPath, r.URL.RawQuery = strings.ReplaceAll(target, "%2F", "/"), target, query
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			switch want {
			case "":
				if w.Code != http.StatusOK || served != strings.TrimPrefix(path, f.BasePath()) {
					t.Errorf("%s: answered %d, routed as %q", path, w.Code, served)
				}
			case "nowhere":
				if w.Code != http.StatusNotFound || served != "" || w.Header().Get("Content-Type") != "application/problem+json" || w.Header().Get("Content-Security-Policy") == "" {
					t.Errorf("%s: answered %d %v, routed as %q", path, w.Code, w.Header(), served)
				}
			default:
				if got := w.Header().Get("Location"); w.Code != http.StatusTemporaryRedirect || got != origin+want || served != "" {
					t.Errorf("%s: answered %d, sent to %q, want %q", path, w.Code, got, origin+want)
				}
			}
		}
	}
}
