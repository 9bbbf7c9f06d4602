// Package assets holds the bundled browser code and serves it. The files in dist are made by cmd/assets from
// browser/ and committed.
package assets

//go:generate go run ../../../cmd/assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

//go:embed dist
var dist embed.FS

const (
	// named files keep their names from release to release, so they are asked for again after five minutes.
	named = "public, max-age=300, stale-while-revalidate=86400"
	// hashed files never change: other contents have another name.
	hashed = "public, max-age=31536000, immutable"
	// policy is what a script or a style sheet may do as a page of its own, which it is not: a short way to say so, since
	// every reader's first page fetches three of them.
	policy = "default-src 'none'"
)

// types are the content types by extension; the operating system's own table is not asked.
var types = map[string]string{
	".js":  "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
}

// withHash is what cmd/assets calls a part that is loaded on need.
var withHash = regexp.MustCompile(`^embed-.+-[0-9A-Z]{8}\.js$`)

// Files serves the bundles. It is safe for concurrent use.
type Files struct{ byName map[string]file }

type file struct {
	content, zipped []byte
	sum             string
	headers         http.Header
}

// Load reads the embedded files and compresses each once. It fails only when the program was built without them.
func Load() (*Files, error) {
	entries, err := fs.ReadDir(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("read browser files: %w", err)
	}
	files := &Files{byName: map[string]file{}}
	for _, entry := range entries {
		content, err := fs.ReadFile(dist, "dist/"+entry.Name())
		if err != nil {
			return nil, fmt.Errorf("read browser files: %w", err)
		}
		files.byName[entry.Name()] = newFile(entry.Name(), content)
	}
	return files, nil
}

// Names lists the files, sorted, so that a router can have one route for each.
func (f *Files) Names() []string { return slices.Sorted(maps.Keys(f.byName)) }

// Part gives the path, from the forum's address on, of a script that the server names where it is needed:
// "passages" or "question". It gives "" for a name that there is no script of.
func (f *Files) Part(name string) string {
	for file := range f.byName {
		if rest, ok := strings.CutPrefix(file, "embed-"+name+"-"); ok && len(rest) == len("01234567.js") {
			return "/" + file
		}
	}
	return ""
}

// ServeHTTP answers GET and HEAD with the file that the last part of the path names, 404 for any other. Every
// origin may load the files: they are the same for everybody and hold nothing of anybody.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := f.byName[path.Base(r.URL.Path)]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	maps.Copy(h, file.headers)
	h.Del("Referrer-Policy") // nothing here asks for anything in its own name
	content, coding := file.content, "id"
	if unzips(r) {
		content, coding = file.zipped, "gz"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+file.sum+"-"+coding+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// unzips tells whether the client takes gzip. Whatever loads scripts does; preferences between codings do not
// matter here.
func unzips(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, quality, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";q=")
		if coding == "gzip" {
			return strings.Trim(quality, "0.") != "" || quality == ""
		}
	}
	return false
}

func newFile(name string, content []byte) file {
	sum := sha256.Sum256(content)
	keep := named
	if withHash.MatchString(name) {
		keep = hashed
	}
	return file{
		content: content,
		zipped:  squeeze(content),
		sum:     hex.EncodeToString(sum[:6]),
		headers: http.Header{
			"Access-Control-Allow-Origin":  {"*"},
			"Cache-Control":                {keep},
			"Content-Security-Policy":      {policy},
			"Content-Type":                 {types[path.Ext(name)]},
			"Cross-Origin-Resource-Policy": {"cross-origin"},
			"Vary":                         {"Accept-Encoding"},
			"X-Content-Type-Options":       {"nosniff"},
		},
	}
}

func squeeze(content []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is a valid one
	_, _ = z.Write(content)                                 // a bytes.Buffer takes everything
	_ = z.Close()
	return out.Bytes()
}
