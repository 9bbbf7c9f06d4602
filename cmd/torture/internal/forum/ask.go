package forum

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Late is after how long an answer is given up. It is longer than any pause that a fault makes.
const Late = 30 * time.Second

// client keeps a connection for each of many readers.
var client = &http.Client{
	Timeout:       Late,
	Transport:     &http.Transport{MaxIdleConnsPerHost: 256, IdleConnTimeout: 5 * time.Second},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// Request is one request.
type Request struct {
	Method string
	URL    string
	Body   string // JSON; "" = none
	Cookie string // a whole Cookie header; "" = none
	Key    string // Idempotency-Key; "" = none
}

// Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Good tells whether it is a 2xx.
func (a Answer) Good() bool { return a.Status/100 == 2 }

// Read decodes a JSON answer.
func (a Answer) Read(into any) error {
	if err := json.Unmarshal(a.Body, into); err != nil {
		return fmt.Errorf("an answer is not what it should be: %w: %.200s", err, a.Body)
	}
	return nil
}

// Cookie gives the cookie that an answer sets, as a Cookie header; "" = none.
func (a Answer) Cookie() string {
	cookie, _, _ := strings.Cut(a.Header.Get("Set-Cookie"), ";")
	return cookie
}

// Ask sends a request and reads its answer whole.
func Ask(ctx context.Context, r Request) (Answer, error) {
	request, err := http.NewRequestWithContext(ctx, r.Method, r.URL, strings.NewReader(r.Body))
	if err != nil {
		return Answer{}, err
	}
	for name, value := range map[string]string{"Cookie": r.Cookie, "Idempotency-Key": r.Key} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	if r.Body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	got, err := client.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer got.Body.Close()
	a := Answer{Status: got.StatusCode, Header: got.Header}
	a.Body, err = io.ReadAll(got.Body)
	return a, err
}

// Must is Ask for a request that has to be answered with 2xx, and decodes what it is answered with unless into is
// nil.
func Must(ctx context.Context, r Request, into any) (Answer, error) {
	a, err := Ask(ctx, r)
	if err == nil && !a.Good() {
		err = fmt.Errorf("%s %s is answered with %d: %.300s", r.Method, r.URL, a.Status, a.Body)
	}
	if err == nil && into != nil {
		err = a.Read(into)
	}
	return a, err
}
