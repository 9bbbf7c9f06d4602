package render

import (
	"net/http"
	"strconv"
	"strings"
)

// Serve answers a GET or HEAD with the body in the coding the client prefers, or with 304 when the client has
// it already (RFC 9110 sections 12.5.3 and 13.1.2). A 304 repeats the caching headers. Headers that stand in w
// already stay unless the body has its own.
func (b *Body) Serve(w http.ResponseWriter, r *http.Request) {
	answer := &b.plain
	if acceptsGzip(r) {
		if zipped := b.compressed(); zipped.content != nil {
			answer = zipped
		}
	}
	h := w.Header()
	vary := h["Vary"]
	for _, own := range b.headers {
		h[own.name] = own.values
	}
	if len(vary) > 0 {
		h["Vary"] = append([]string{"Accept-Encoding"}, vary...)
	}
	h["Etag"] = answer.tag
	if has(r, answer.tag[0]) {
		delete(h, "Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if answer == &b.zipped {
		h["Content-Encoding"] = gzipped
	}
	h["Content-Length"] = answer.length
	if r.Method != http.MethodHead {
		content := answer.content
		if answer == &b.plain {
			content = b.uncompressed()
		}
		_, _ = w.Write(content) // whoever went away needs no answer
	}
}

var gzipped = []string{"gzip"}

// has tells whether the client holds the representation that tag names. Comparison is weak, as If-None-Match
// asks: caches on the way may have marked the tag so.
func has(r *http.Request, tag string) bool {
	for _, value := range r.Header.Values("If-None-Match") {
		for candidate := range strings.SplitSeq(value, ",") {
			candidate = strings.TrimSpace(candidate)
			if candidate == "*" || strings.TrimPrefix(candidate, "W/") == tag {
				return true
			}
		}
	}
	return false
}

// acceptsGzip tells whether the client allows gzip and does not prefer no coding at all.
func acceptsGzip(r *http.Request) bool {
	gzip, identity, rest := -1.0, -1.0, -1.0
	for _, value := range r.Header.Values("Accept-Encoding") {
		for part := range strings.SplitSeq(value, ",") {
			coding, parameters, _ := strings.Cut(part, ";")
			q := quality(parameters)
			switch strings.ToLower(strings.TrimSpace(coding)) {
			case "gzip", "x-gzip":
				gzip = q
			case "identity":
				identity = q
			case "*":
				rest = q
			}
		}
	}
	if gzip < 0 {
		gzip = rest
	}
	return gzip > 0 && gzip >= identity
}

// quality reads ";q=0.5"; what cannot be read counts as fully welcome.
func quality(parameters string) float64 {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, _ := strings.Cut(parameter, "=")
		if strings.EqualFold(strings.TrimSpace(name), "q") {
			if q, err := strconv.ParseFloat(strings.TrimSpace(value), 64); err == nil {
				return q
			}
		}
	}
	return 1
}
