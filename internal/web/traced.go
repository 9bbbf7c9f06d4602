package web

import (
	"context"
	"net/http"

	"parley"
	"parley/internal/trace"
)

// trace begins the trace of a request. What a stranger's traceparent says is not looked at: whoever could choose what
// is traced could make everything slower for everybody.
func (f *Forum) trace(r *http.Request) (context.Context, trace.Span) {
	parent := ""
	if f.TracedBefore && f.Proxies.trusts(peer(r)) {
		parent = r.Header.Get("Traceparent")
	}
	return trace.Root(r.Context(), "request", parent)
}

// endTrace says what a request turned out to be: the route, never the path, which may hold words.
func endTrace(s trace.Span, route string, status int, code parley.Code) {
	if !s.Noted() {
		return
	}
	if route != "" {
		s.Name(route)
		s.Note(trace.Word("http.route", route))
	}
	s.Note(trace.ID("http.response.status_code", status))
	if status >= http.StatusInternalServerError {
		s.Fail(string(code))
	} else if code != "" {
		s.Note(trace.Word("parley.refusal", string(code)))
	}
	s.End()
}
