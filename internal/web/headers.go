package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"parley"
)

// policy is the content security policy of every page of ours. Shared pages cannot carry a nonce, so there is
// no inline script at all.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
	"frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types parley; frame-ancestors "

// secure sets the headers every answer has. Pages that other pages may frame widen frame-ancestors by
// AllowFrames.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy+"'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
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
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

type askedKey struct{}

// asked is what the floor knows of one request, found once.
type asked struct {
	id  string
	who *Asker
	err error
}

func askedOf(r *http.Request) *asked {
	a, ok := r.Context().Value(askedKey{}).(*asked)
	if !ok {
		return &asked{} // outside the server, in a test
	}
	return a
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
		id := rand.Text()[:12]
		r = r.WithContext(context.WithValue(r.Context(), askedKey{}, &asked{id: id}))
		out := &recorded{ResponseWriter: w}
		out.Header().Set("X-Request-Id", id)
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				slog.Error("a handler panicked", "request", id, "route", r.Pattern, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if out.status == 0 {
					Problem(out, r, Refusal(fmt.Errorf("panic: %v", p)), http.StatusInternalServerError)
				}
			}
			f.Metrics.request(r.Pattern, out.status, time.Since(begun))
			slog.DebugContext(r.Context(), "request", "request", id, "method", r.Method, "route", r.Pattern, "status", out.status, "took", time.Since(begun))
		}()
		next.ServeHTTP(out, r)
	})
}
