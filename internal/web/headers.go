package web

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"parley"
)

// policy is the content security policy of every page of ours. Shared pages cannot carry a nonce, so there is
// no inline script at all.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types parley; frame-ancestors "

// Values of headers that many answers have. They are shared by all of them: nobody changes one in place.
var (
	strict     = []string{policy + "'none'"}
	nosniff    = []string{"nosniff"}
	referrer   = []string{"strict-origin-when-cross-origin"}
	sameOrigin = []string{"same-origin"}
	crossed    = []string{"cross-origin"}
	everywhere = []string{"*"}
)

// secure sets the headers every answer has. Pages that other pages may frame widen frame-ancestors by
// AllowFrames.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["Content-Security-Policy"] = strict
		h["X-Content-Type-Options"] = nosniff
		h["Referrer-Policy"] = referrer
		h["Cross-Origin-Resource-Policy"] = sameOrigin
		next.ServeHTTP(w, r)
	})
}

// AllowFrames lets pages of exactly the site's origins frame this answer.
func AllowFrames(h http.Header, site parley.Site) {
	h.Set("Content-Security-Policy", policy+"'self' "+strings.Join(site.Origins, " "))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// AllowReading lets pages of other origins read this answer, which is the same for everybody.
func AllowReading(h http.Header) {
	h["Access-Control-Allow-Origin"] = everywhere
	h["Cross-Origin-Resource-Policy"] = crossed
}

type askedKey struct{}

// asked is what the floor knows of one request, found once. It is the request's context and the writer of its
// answer too, so that all three are one piece of memory.
type asked struct {
	context.Context
	id    string
	code  parley.Code // of the refusal that was the answer; "" = it was none
	who   *Asker
	err   error
	raw   string     // the query as it stands in the address, once somebody asked what is in it
	query url.Values // its parameters, shared
	whole bool       // it is well formed
	out   recorded
}

// Value makes asked the context that holds itself.
func (a *asked) Value(key any) any {
	if _, own := key.(askedKey); own {
		return a
	}
	return a.Context.Value(key)
}

func askedOf(r *http.Request) *asked {
	a, ok := r.Context().Value(askedKey{}).(*asked)
	if !ok {
		return &asked{} // outside the server, in a test
	}
	return a
}

// newRequestID gives 12 letters and digits: 60 bits, so that no two requests in a log have the same.
func newRequestID() string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	var id [12]byte
	for i, bits := 0, rand.Uint64(); i < len(id); i, bits = i+1, bits>>5 {
		id[i] = alphabet[bits%32]
	}
	return string(id[:])
}

// RequestID gives the request's name in the logs.
func RequestID(r *http.Request) string { return askedOf(r).id }

// recorded notes the status of an answer for logs and metrics.
type recorded struct {
	http.ResponseWriter
	status int
}

func (w *recorded) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	if status != statusClosed {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *recorded) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorded) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// watch names each request, turns a panic into a 500, counts and logs. Logs hold the route, never the query,
// the address or anything of the reader.
func (f *Forum) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		ctx, span := f.trace(r)
		known := &asked{Context: ctx, id: newRequestID(), out: recorded{ResponseWriter: w}}
		r = r.WithContext(known)
		out := &known.out
		out.Header()["X-Request-Id"] = []string{known.id}
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				slog.Error("a handler panicked", "request", known.id, "route", r.Pattern, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if out.status == 0 {
					Problem(out, r, Refusal(fmt.Errorf("panic: %v", p)), http.StatusInternalServerError)
				}
			}
			took := time.Since(begun)
			f.Metrics.request(r.Pattern, out.status, took)
			f.Metrics.refused(known.code)
			endTrace(span, r.Pattern, out.status, known.code)
			if slog.Default().Enabled(known, slog.LevelDebug) {
				slog.DebugContext(known, "request", "request", known.id, "method", r.Method, "route", r.Pattern, "status", out.status, "took", took)
			}
		}()
		next.ServeHTTP(out, r)
	})
}
