package web

import (
	"net/http"
	"strings"

	"parley"
)

// guard refuses writes that another site's page started (http.CrossOriginProtection with the site's exact
// origins; no tokens are needed) and answers the preflights of the site's own pages.
func (f *Forum) guard(next http.Handler) (http.Handler, error) {
	protection := http.NewCrossOriginProtection()
	for _, origin := range f.Site.Origins {
		if err := protection.AddTrustedOrigin(origin); err != nil {
			return nil, err
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
			f.preflight(w, r)
			return
		}
		if protection.Check(r) != nil || unsafe(r.Method) && (nameless(r) || f.strange(r)) {
			refusal := parley.Errorf(parley.CodeCrossOrigin, "This request came from a page that is not part of this site.")
			Private(w.Header())
			Problem(w, r, refusal, StatusOf(refusal.Code))
			return
		}
		next.ServeHTTP(w, r)
	}), nil
}

// nameless tells a request from a page without an origin, such as a sandboxed frame. A page of our own with
// Referrer-Policy: no-referrer sends its forms with "null" too (Fetch Standard, "append a request Origin
// header"), but the browser says that they come from the same origin.
func nameless(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Origin"), "null") && r.Header.Get("Sec-Fetch-Site") != "same-origin"
}

// strange tells a request of a browser that names its page's origin but not how the two are related, from a page
// that is not the site's. http.CrossOriginProtection takes any page of the host that was asked for as ours: one
// that came over plain http, where anybody on the way can write it, too.
func (f *Forum) strange(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin != "" && r.Header.Get("Sec-Fetch-Site") == "" && !f.Site.Embeds(origin)
}

func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}

// preflight lets the site's own pages send JSON with credentials, and nobody else.
func (f *Forum) preflight(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	f.Credentialed(w, r)
	if h.Get("Access-Control-Allow-Credentials") != "" {
		h.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
		h.Set("Access-Control-Allow-Headers", "Content-Type, Idempotency-Key")
		h.Set("Access-Control-Max-Age", "600")
	}
	w.WriteHeader(http.StatusNoContent)
}

// Credentialed lets a page of one of the site's exact origins read an answer made for its reader. The origin
// is named, never "*", and the answer says that it depends on it.
func (f *Forum) Credentialed(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Add("Vary", "Origin, Cookie")
	origin := r.Header.Get("Origin")
	if origin == "" || !f.Site.Embeds(origin) {
		return
	}
	h.Set("Access-Control-Allow-Origin", origin)
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Expose-Headers", "Retry-After")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}
