package web_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"parley"
	"parley/internal/web"
)

// TestACrowdMakesFewLines turns a thousand requests away. Each is told so in full; the log tells it in a line a second.
func TestACrowdMakesFewLines(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	defer slog.SetDefault(before)
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	busy := web.Answer(func(http.ResponseWriter, *http.Request) error { return web.ErrBusy() }, web.Problem)
	moments := map[string]bool{}
	for range 1000 {
		answer := httptest.NewRecorder()
		busy.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/api/v1/stories/1/comments", nil))
		after, err := strconv.Atoi(answer.Header().Get("Retry-After"))
		if answer.Code != http.StatusServiceUnavailable || err != nil || after < 1 || after > 10 {
			t.Fatalf("%d, Retry-After %q", answer.Code, answer.Header().Get("Retry-After"))
		}
		if kept := answer.Header().Get("Cache-Control"); kept != "private, no-store" {
			t.Fatalf("a refusal may be kept: %q", kept)
		}
		moments[answer.Header().Get("Retry-After")] = true
	}
	if len(moments) < 3 {
		t.Errorf("all who are turned away are told to come back together: %v", moments)
	}
	if lines := bytes.Count(log.Bytes(), []byte("\n")); lines == 0 || lines > 100 {
		t.Errorf("%d lines for a thousand refusals", lines)
	}
	log.Reset()
	failed := web.Answer(func(http.ResponseWriter, *http.Request) error {
		return web.ErrBusy().Because(parley.Errorf(parley.CodeInternal, "the storage is away"))
	}, web.Problem)
	failed.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if !bytes.Contains(log.Bytes(), []byte("the storage is away")) {
		t.Errorf("a refusal with a cause is not told of:\n%s", log.String())
	}
}
