package main

import (
	"crypto/subtle"
	"net/http"
	"strings"

	"parley"
	"parley/internal/web"
)

// health adds what machines ask: is the process alive, may traffic come, and the counters for whoever holds
// the token.
func (a *app) health() {
	a.mux.Handle("GET /healthz", web.Answer(func(w http.ResponseWriter, _ *http.Request) error {
		web.Private(w.Header())
		return web.WriteJSON(w, http.StatusOK, map[string]string{"status": "alive"})
	}, web.Problem))
	a.mux.Handle("GET /readyz", web.Answer(a.readyz, web.Problem))
	if token := a.config.MetricsToken.Reveal(); token != "" {
		a.mux.Handle("GET /metrics", web.Answer(a.metrics(token), web.Problem))
	}
}

func (a *app) readyz(w http.ResponseWriter, r *http.Request) error {
	web.Private(w.Header())
	if !a.ready.Load() {
		// It is asked many times while a process stops, and nothing is wrong: it is not logged as a failure.
		web.Problem(w, r, parley.Errorf(parley.CodeBusy, "The forum is starting or stopping."), http.StatusServiceUnavailable)
		return nil
	}
	if err := a.store.Check(r.Context()); err != nil {
		return parley.Errorf(parley.CodeBusy, "The forum cannot reach its storage.").Because(err)
	}
	if err := a.store.CheckSaving(r.Context()); err != nil {
		// Reading goes on, so traffic may come; whoever watches is told.
		return web.WriteJSON(w, http.StatusOK, map[string]string{"status": "read-only", "detail": web.Refusal(err).Sentence})
	}
	return web.WriteJSON(w, http.StatusOK, map[string]string{"status": "ready"})
}

func (a *app) metrics(token string) web.Handler {
	counters := a.forum.Metrics.Handler()
	return func(w http.ResponseWriter, r *http.Request) error {
		web.Private(w.Header())
		given, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1 {
			return parley.Errorf(parley.CodeSignInRequired, "The counters need the bearer token from the settings.")
		}
		counters.ServeHTTP(w, r)
		return nil
	}
}
