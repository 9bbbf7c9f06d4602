// Package web is the floor that HTTP stands on: the handler type, the one place where an error becomes a
// status and a sentence, who is asking, what may be asked how often, security headers and streams. The routes
// themselves live above, in web/api, web/pages and their neighbours.
package web

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"parley"
)

// Handler answers a request or says why not. Before it returns an error it must not have written anything.
type Handler func(w http.ResponseWriter, r *http.Request) error

// statuses turns the kinds of refusals into HTTP statuses (RFC 9110 section 15). There is no other place that
// does.
var statuses = map[parley.Kind]int{
	parley.KindInternal:   http.StatusInternalServerError,
	parley.KindInvalid:    http.StatusBadRequest,
	parley.KindSignIn:     http.StatusUnauthorized,
	parley.KindForbidden:  http.StatusForbidden,
	parley.KindNotFound:   http.StatusNotFound,
	parley.KindConflict:   http.StatusConflict,
	parley.KindMismatch:   http.StatusUnprocessableEntity,
	parley.KindTooLarge:   http.StatusRequestEntityTooLarge,
	parley.KindTooMany:    http.StatusTooManyRequests,
	parley.KindBusy:       http.StatusServiceUnavailable,
	parley.KindNoStorage:  http.StatusInsufficientStorage,
	parley.KindBadMedia:   http.StatusUnsupportedMediaType,
	parley.KindBadMethod:  http.StatusMethodNotAllowed,
	parley.KindGone:       http.StatusGone,
	parley.KindBadAddress: http.StatusMisdirectedRequest,
}

// StatusOf gives the HTTP status a code arrives with.
func StatusOf(code parley.Code) int { return statuses[code.Kind()] }

// statusClosed is what logs show for a client that left before its answer; nobody receives it.
const statusClosed = 499

// Refusal gives err as something that may be shown to strangers: itself when it is a refusal, a general
// sentence otherwise.
func Refusal(err error) *parley.Error {
	if refusal, ok := errors.AsType[*parley.Error](err); ok {
		return refusal
	}
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return parley.Errorf(parley.CodeTooLarge, "This request has more than %d bytes.", tooLarge.Limit)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return parley.Errorf(parley.CodeBusy, "This took too long. Please try again in a moment.").After(2 * time.Second).Because(err)
	}
	return parley.Errorf(parley.CodeInternal, "Something went wrong here. It has been noted; please try again.").Because(err)
}

// Answer runs h and lets show write whatever error it returns. Unexpected errors are logged here, once.
func Answer(h Handler, show func(http.ResponseWriter, *http.Request, *parley.Error, int)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := h(w, r)
		if err == nil {
			return
		}
		if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
			w.WriteHeader(statusClosed)
			return
		}
		refusal := spread(Refusal(err))
		askedOf(r).code = refusal.Code
		status := StatusOf(refusal.Code)
		switch {
		case refusal.Code == parley.CodeBusy && refusal.Err == nil:
			turnedAway.note(r)
		case status >= http.StatusInternalServerError:
			slog.ErrorContext(r.Context(), "a request failed", "request", RequestID(r), "route", r.Pattern, "code", refusal.Code, "error", refusal.Err)
		}
		Private(w.Header())
		RetryAfter(w.Header(), refusal)
		show(w, r, refusal, status)
	})
}

// The bounds of when somebody whom the forum has no time for should come back.
const soonest, latest = time.Second, 10 * time.Second

// spread gives a refusal for want of time another moment to come back for everybody, so that those who were turned
// away together do not return together.
func spread(e *parley.Error) *parley.Error {
	if e.Code.Kind() != parley.KindBusy || e.Retry == 0 {
		return e
	}
	again := *e
	again.Retry = min(latest, max(soonest, e.Retry/2+rand.N(2*e.Retry)))
	return &again
}

// RetryAfter says when trying again may help, in whole seconds, if the refusal does.
func RetryAfter(h http.Header, e *parley.Error) {
	if e.Retry > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.Retry.Seconds()))))
	}
}

// Private marks an answer as nobody else's: not to be kept by any cache.
func Private(h http.Header) { h["Cache-Control"] = unkept }

var unkept = []string{"private, no-store"}
