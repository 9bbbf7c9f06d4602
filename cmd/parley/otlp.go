package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"parley/internal/trace"
)

const (
	// spanQueue is how many finished spans wait for the collector: a second's at full load, some two megabytes.
	spanQueue = 4096
	// spanBatch is how many are sent together, and spanEvery how often whatever there is.
	spanBatch = 512
	spanEvery = 2 * time.Second
	// collectorWithin is how long the collector may take to answer.
	collectorWithin = 10 * time.Second
	// collectorRest is the pause after it failed; meanwhile the queue fills and then spans are thrown away.
	collectorRest = 5 * time.Second
)

// exporter sends spans to an OpenTelemetry collector: OTLP 1.x over HTTP, in its JSON form
// (https://opentelemetry.io/docs/specs/otlp/). Nobody waits for it.
type exporter struct {
	url    string
	name   string
	log    *slog.Logger
	client http.Client
	queue  chan trace.Finished
	ended  chan struct{}

	sent, dropped atomic.Int64
	failing       bool
}

// newExporter sends to the collector at base, such as http://collector:4318, as the service of that name, until ctx
// ends; then what waits is sent once more.
func newExporter(ctx context.Context, base, name string, log *slog.Logger) *exporter {
	e := &exporter{
		url: base + "/v1/traces", name: name, log: log, client: http.Client{Timeout: collectorWithin},
		queue: make(chan trace.Finished, spanQueue), ended: make(chan struct{}),
	}
	go e.run(ctx)
	return e
}

// Take queues a span, or throws it away where the queue is full.
func (e *exporter) Take(f trace.Finished) {
	select {
	case e.queue <- f:
	default:
		e.dropped.Add(1)
	}
}

func (e *exporter) run(ctx context.Context) {
	defer close(e.ended)
	tick := time.NewTicker(spanEvery)
	defer tick.Stop()
	var batch []trace.Finished
	for ctx.Err() == nil {
		select {
		case f := <-e.queue:
			if batch = append(batch, f); len(batch) < spanBatch {
				continue
			}
		case <-tick.C:
		case <-ctx.Done():
			continue
		}
		e.send(ctx, batch)
		batch = batch[:0]
	}
	for len(e.queue) > 0 && len(batch) < spanBatch {
		batch = append(batch, <-e.queue)
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	e.send(last, batch)
}

// send sends one batch. What the collector did not take is lost: it is worth less than the memory it would fill.
func (e *exporter) send(ctx context.Context, batch []trace.Finished) {
	if len(batch) == 0 {
		return
	}
	err := e.try(ctx, batch)
	if err == nil {
		e.sent.Add(int64(len(batch)))
		e.failing = false
		return
	}
	e.dropped.Add(int64(len(batch)))
	if !e.failing && ctx.Err() == nil {
		e.log.Warn("the collector of traces does not take them", "error", err)
	}
	e.failing = true
	select {
	case <-ctx.Done():
	case <-time.After(collectorRest):
	}
}

func (e *exporter) try(ctx context.Context, batch []trace.Finished) error {
	var body bytes.Buffer
	packed := gzip.NewWriter(&body)
	if err := json.NewEncoder(packed).Encode(e.message(batch)); err != nil {
		return err
	}
	if err := packed.Close(); err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, &body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Content-Encoding", "gzip")
	answer, err := e.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10))
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("it answers %s", answer.Status)
	}
	return nil
}

// The shapes of OTLP's JSON form: ids in hexadecimal, 64-bit numbers as strings, enumerations as numbers.
type (
	otlpMessage struct {
		ResourceSpans []otlpResource `json:"resourceSpans"`
	}
	otlpResource struct {
		Resource struct {
			Attributes []otlpAttr `json:"attributes"`
		} `json:"resource"`
		ScopeSpans []otlpScope `json:"scopeSpans"`
	}
	otlpScope struct {
		Scope struct {
			Name string `json:"name"`
		} `json:"scope"`
		Spans []otlpSpan `json:"spans"`
	}
	otlpSpan struct {
		TraceID      string     `json:"traceId"`
		SpanID       string     `json:"spanId"`
		ParentSpanID string     `json:"parentSpanId,omitempty"`
		Name         string     `json:"name"`
		Kind         int        `json:"kind"`
		Begun        string     `json:"startTimeUnixNano"`
		Ended        string     `json:"endTimeUnixNano"`
		Attributes   []otlpAttr `json:"attributes,omitempty"`
		Links        []otlpLink `json:"links,omitempty"`
		Status       *otlpState `json:"status,omitempty"`
	}
	otlpAttr struct {
		Key   string    `json:"key"`
		Value otlpValue `json:"value"`
	}
	otlpValue struct {
		String *string `json:"stringValue,omitempty"`
		Int    *string `json:"intValue,omitempty"`
	}
	otlpLink struct {
		TraceID string `json:"traceId"`
		SpanID  string `json:"spanId"`
	}
	otlpState struct {
		Message string `json:"message,omitempty"`
		Code    int    `json:"code"`
	}
)

// SpanKind and StatusCode of the OTLP schema (opentelemetry/proto/trace/v1/trace.proto).
const (
	kindInternal = 1
	kindServer   = 2
	statusError  = 2
)

func (e *exporter) message(batch []trace.Finished) otlpMessage {
	var resource otlpResource
	resource.Resource.Attributes = otlpAttrs([]trace.Attr{trace.Word("service.name", e.name), trace.Word("service.version", buildVersion())})
	scope := otlpScope{Spans: make([]otlpSpan, len(batch))}
	scope.Scope.Name = "parley"
	for i, f := range batch {
		scope.Spans[i] = otlpOf(f)
	}
	resource.ScopeSpans = []otlpScope{scope}
	return otlpMessage{[]otlpResource{resource}}
}

func otlpOf(f trace.Finished) otlpSpan {
	s := otlpSpan{
		TraceID: hex.EncodeToString(f.Trace[:]), SpanID: hex.EncodeToString(f.Span[:]), Name: f.Name, Kind: kindInternal,
		Begun: strconv.FormatInt(f.Begun.UnixNano(), 10), Ended: strconv.FormatInt(f.Ended.UnixNano(), 10), Attributes: otlpAttrs(f.Attrs),
	}
	if f.Server {
		s.Kind = kindServer
	}
	if f.Parent != [8]byte{} {
		s.ParentSpanID = hex.EncodeToString(f.Parent[:])
	}
	for _, l := range f.Links {
		s.Links = append(s.Links, otlpLink{hex.EncodeToString(l.Trace[:]), hex.EncodeToString(l.Span[:])})
	}
	if f.Failed != "" {
		s.Status = &otlpState{f.Failed, statusError}
	}
	return s
}

func otlpAttrs(attrs []trace.Attr) (all []otlpAttr) {
	for _, a := range attrs {
		one := otlpAttr{Key: a.Key}
		if a.Word != "" {
			one.Value.String = &a.Word
		} else {
			number := strconv.FormatInt(a.Number, 10)
			one.Value.Int = &number
		}
		all = append(all, one)
	}
	return all
}
