package assets

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// The budgets in bytes after gzip: what a page loads before its first comment is seen, one part that is loaded on
// need, and everything up to a posted comment.
const (
	maxFirstScript = 9_000
	maxFirstStyle  = 4_000
	maxPart        = 6_000
	maxPosted      = 20_000
)

// posting names the parts that a reader who registers and posts has loaded, beside the first script.
var posting = []string{"write", "live", "account", "popup", "preview", "chunk"}

func load(t *testing.T) *Files {
	t.Helper()
	files, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestWeight(t *testing.T) {
	files := load(t)
	for _, name := range []string{"embed.js", "embed.css", "argument.css", "page.css"} {
		if !slices.Contains(files.Names(), name) {
			t.Fatalf("%s is missing: run go run ./cmd/assets", name)
		}
	}
	size := func(name string) int { return len(files.byName[name].zipped) }
	if n := size("embed.js"); n > maxFirstScript {
		t.Errorf("embed.js has %d bytes, more than %d", n, maxFirstScript)
	}
	if n := size("embed.css"); n > maxFirstStyle {
		t.Errorf("embed.css has %d bytes, more than %d", n, maxFirstStyle)
	}
	posted, parts := size("embed.js"), 0
	for _, name := range files.Names() {
		part, ok := strings.CutPrefix(name, "embed-")
		if !ok {
			continue
		}
		parts++
		if n := size(name); n > maxPart {
			t.Errorf("%s has %d bytes, more than %d", name, n, maxPart)
		}
		if part, _, _ = strings.Cut(part, "-"); slices.Contains(posting, part) {
			posted += size(name)
		}
	}
	if posted > maxPosted {
		t.Errorf("up to a posted comment a reader loads %d bytes of script, more than %d", posted, maxPosted)
	}
	if parts < 3 {
		t.Errorf("only %d parts are loaded on need", parts)
	}
}

// What is switched off costs nothing: the scripts of the argument are no part of the others, and named by the server.
func TestParts(t *testing.T) {
	files := load(t)
	for _, name := range []string{"passages", "question"} {
		path := files.Part(name)
		if !withHash.MatchString(strings.TrimPrefix(path, "/")) {
			t.Fatalf("%s: path %q", name, path)
		}
		if got := ask(files, http.MethodGet, path, "", ""); got.StatusCode != http.StatusOK || got.Header.Get("Cache-Control") != hashed {
			t.Errorf("%s: status %d, %s", name, got.StatusCode, got.Header.Get("Cache-Control"))
		}
		for _, other := range files.Names() {
			if "/"+other != path && strings.Contains(string(files.byName[other].content), path) {
				t.Errorf("%s asks for %s by itself", other, path)
			}
		}
	}
	for _, name := range []string{"", "pass", "nothing", "../embed"} {
		if path := files.Part(name); path != "" {
			t.Errorf("%q: path %q", name, path)
		}
	}
}

func TestServing(t *testing.T) {
	files := load(t)
	hashedName := files.Names()[slices.IndexFunc(files.Names(), withHash.MatchString)]
	for _, tt := range []struct {
		name, accept, keep, typ string
		zipped                  bool
	}{
		{"embed.js", "gzip, deflate, br", named, "text/javascript; charset=utf-8", true},
		{"embed.css", "", named, "text/css; charset=utf-8", false},
		{"page.css", "br, gzip; q=0", named, "text/css; charset=utf-8", false},
		{hashedName, "gzip;q=0.5", hashed, "text/javascript; charset=utf-8", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			answer := ask(files, http.MethodGet, "/"+tt.name, tt.accept, "")
			h := answer.Header
			if answer.StatusCode != http.StatusOK || h.Get("Cache-Control") != tt.keep || h.Get("Content-Type") != tt.typ ||
				h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Cross-Origin-Resource-Policy") != "cross-origin" ||
				h.Get("Vary") != "Accept-Encoding" || (h.Get("Content-Encoding") == "gzip") != tt.zipped {
				t.Fatalf("status %d, headers %v", answer.StatusCode, h)
			}
			body := io.Reader(answer.Body)
			if tt.zipped {
				unzipped, err := gzip.NewReader(body)
				if err != nil {
					t.Fatal(err)
				}
				body = unzipped
			}
			content, err := io.ReadAll(body)
			if err != nil || string(content) != string(files.byName[tt.name].content) {
				t.Fatalf("read %d bytes of %d: %v", len(content), len(files.byName[tt.name].content), err)
			}
			if again := ask(files, http.MethodGet, "/"+tt.name, tt.accept, h.Get("ETag")); again.StatusCode != http.StatusNotModified {
				t.Errorf("asked again: status %d", again.StatusCode)
			}
		})
	}
	if got := ask(files, http.MethodGet, "/embed.ts", "", "").StatusCode; got != http.StatusNotFound {
		t.Errorf("an unknown file: status %d", got)
	}
	plain := ask(files, http.MethodGet, "/embed.js", "", "").Header.Get("ETag")
	if ask(files, http.MethodGet, "/embed.js", "gzip", plain).StatusCode != http.StatusOK {
		t.Error("another coding was confirmed")
	}
}

func ask(files *Files, method, address, accept, has string) *http.Response {
	r := httptest.NewRequest(method, address, nil)
	r.Header.Set("Accept-Encoding", accept)
	r.Header.Set("If-None-Match", has)
	w := httptest.NewRecorder()
	files.ServeHTTP(w, r)
	return w.Result()
}
