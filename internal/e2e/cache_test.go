package e2e

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// shared asks for a page twice, as nobody and with somebody's cookie, and gives its bytes, which must be the
// same and free for every cache.
func shared(t *testing.T, address string) []byte {
	t.Helper()
	nobody, somebody := ask(t, address, ""), ask(t, address, "parley=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	if !bytes.Equal(nobody, somebody) {
		t.Errorf("a cookie changed %s", address)
	}
	return nobody
}

func ask(t *testing.T, address, cookie string) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", address, answer.StatusCode, err)
	}
	if answer.Header.Get("Set-Cookie") != "" {
		t.Errorf("%s is shared and sets a cookie", address)
	}
	if answer.Header.Get("Cache-Control") != "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400" {
		t.Errorf("%s: Cache-Control %q", address, answer.Header.Get("Cache-Control"))
	}
	return body
}

// cached answers the tab's own document with bytes that a proxy kept; everything else goes to the server.
func cached(t *testing.T, address string, kept []byte) step {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		events := chromedp.Events(ctx, fetch.RequestPaused)
		if _, err := chromedp.Call(ctx, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: address}}}); err != nil {
			return err
		}
		go func() {
			for paused, err := range events {
				if err != nil {
					return
				}
				if _, err := chromedp.Call(ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{
					RequestID: paused.RequestID, ResponseCode: http.StatusOK, Body: kept,
					ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "text/html; charset=utf-8"}},
				}); err != nil {
					t.Logf("answer from the cache: %v", err)
				}
				return
			}
		}()
		return nil
	})
}
