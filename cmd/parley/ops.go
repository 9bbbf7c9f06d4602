package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"parley/internal/meter"
	"parley/internal/trace"
	"parley/internal/web"
)

// serveOps serves the counters and the profiles on a port of their own when the settings name one.
func (a *app) serveOps() (stop func() error, err error) {
	stop = func() error { return nil }
	if a.config.MetricsAddr == "" {
		return stop, nil
	}
	listener, err := net.Listen("tcp", a.config.MetricsAddr)
	if err != nil {
		return stop, fmt.Errorf("serve metrics: %w", err)
	}
	server := web.NewServer(a.ops(), a.log)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("the metrics port closed", "error", err)
		}
	}()
	return server.Close, nil
}

// ops gives what the operations port answers. It is for the operator's own machine or network alone: a profile takes
// CPU from readers and shows, in stacks, which work is being done. Nothing of it is on the readers' port.
func (a *app) ops() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", a.forum.Metrics.Handler())
	mux.Handle("GET /debug/build", web.Answer(func(w http.ResponseWriter, _ *http.Request) error {
		info, _ := debug.ReadBuildInfo()
		return web.WriteJSON(w, http.StatusOK, info)
	}, web.Problem))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index) // with what it links to: heap, goroutine, allocs, threadcreate
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	for name, set := range map[string]func(rate int){
		"mutex": func(rate int) { runtime.SetMutexProfileFraction(rate) },
		"block": runtime.SetBlockProfileRate,
	} {
		mux.Handle("PUT /debug/pprof/"+name, contention(set))
	}
	return mux
}

// contention begins or ends (rate 0) the recording of a profile that costs too much to be recorded always: of locks,
// one of so many waits; of blocking, one wait in so many nanoseconds.
func contention(set func(rate int)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		rate, err := strconv.Atoi(r.URL.Query().Get("rate"))
		if err != nil || rate < 0 {
			http.Error(w, "rate is a number from 0 on; 0 ends the recording", http.StatusBadRequest)
			return
		}
		set(rate)
		w.WriteHeader(http.StatusNoContent)
	}
}

// serveTraces joins the collector that the settings name, or else the environment that OpenTelemetry's programs share.
// When stop returns, what was noted has been sent or thrown away.
func (a *app) serveTraces(ctx context.Context) (stop func()) {
	collector := cmp.Or(a.config.Traces, os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"))
	if collector == "" {
		return func() {}
	}
	ratio, err := strconv.ParseFloat(cmp.Or(a.config.TracesRatio, os.Getenv("OTEL_TRACES_SAMPLER_ARG"), tracesRatio), 64)
	if err != nil {
		a.log.Warn("OTEL_TRACES_SAMPLER_ARG is not a number; nothing is traced", "error", err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	e := newExporter(ctx, strings.TrimSuffix(collector, "/"), cmp.Or(os.Getenv("OTEL_SERVICE_NAME"), "parley"), a.log)
	a.forum.Metrics.Spans(func(put meter.Series) {
		put(float64(e.sent.Load()), "fate", "sent")
		put(float64(e.dropped.Load()), "fate", "dropped")
	})
	trace.To(e, ratio)
	return func() {
		trace.To(nil, 0)
		cancel()
		<-e.ended
	}
}

// tracesRatio is one request in a hundred: on a busy day thousands of traces an hour, at a price nobody notices.
const tracesRatio = "0.01"

// buildVersion gives the version that the module was built as.
func buildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}
