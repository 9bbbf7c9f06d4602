package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"
)

const password = "tea on the long quay"

// visitor is somebody with a browser: it keeps cookies, follows no redirect by itself, and reaches every host by the
// forum's port, as if names led there.
type visitor struct {
	t      testing.TB
	base   string
	client *http.Client
	header http.Header
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
	last   bool // the connection ends with it
}

func stranger(p *process) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	to := strings.TrimPrefix(p.url, "http://")
	transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 16}
	dialer := net.Dialer{Timeout: patience}
	transport.DialContext = dialer.DialContext
	v := &visitor{t: p.t, base: p.base, header: http.Header{}, client: &http.Client{
		Jar: jar, Transport: transport, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if p.url != p.base { // what a proxy in front does
		v.client.Transport = forwarded{to, transport}
	}
	p.t.Cleanup(transport.CloseIdleConnections)
	return v
}

// forwarded takes requests to where the forum listens, as a proxy that ends TLS does.
type forwarded struct {
	to   string
	next http.RoundTripper
}

func (f forwarded) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Host, r.URL.Scheme, r.URL.Host = r.URL.Host, "http", f.to
	return f.next.RoundTrip(r)
}

// try sends a request; body is nil, url.Values for a form, or what JSON is made of.
func (v *visitor) try(method, address string, body any) (answer, error) {
	var content io.Reader
	media := ""
	switch b := body.(type) {
	case nil:
	case url.Values:
		content, media = strings.NewReader(b.Encode()), "application/x-www-form-urlencoded"
	default:
		text, err := json.Marshal(b)
		if err != nil {
			return answer{}, err
		}
		content, media = bytes.NewReader(text), "application/json"
	}
	if strings.HasPrefix(address, "/") {
		address = v.base + address
	}
	r, err := http.NewRequest(method, address, content)
	if err != nil {
		return answer{}, err
	}
	maps.Copy(r.Header, v.header)
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	got, err := v.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer got.Body.Close()
	all, err := io.ReadAll(got.Body)
	return answer{got.StatusCode, got.Header, string(all), got.Close}, err
}

// ask sends a request that must be answered with a status.
func (v *visitor) ask(method, address string, body any, status int) answer {
	v.t.Helper()
	got, err := v.try(method, address, body)
	if err != nil {
		v.t.Fatalf("%s %s: %v", method, address, err)
	}
	if got.status != status {
		v.t.Fatalf("%s %s answers %d, want %d: %s", method, address, got.status, status, got.body)
	}
	return got
}

func (v *visitor) get(address string) answer {
	v.t.Helper()
	return v.ask("GET", address, nil, http.StatusOK)
}

// text gives a member of a JSON answer, by its path; numbers come as JSON writes them.
func (a answer) text(t testing.TB, path ...string) string {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(a.body), &value); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	for _, name := range path {
		members, ok := value.(map[string]any)
		if !ok {
			t.Fatalf("no %s in %s", strings.Join(path, "."), a.body)
		}
		value = members[name]
	}
	if text, ok := value.(string); ok {
		return text
	}
	text, _ := json.Marshal(value)
	return string(text)
}

// problem fails unless a refusal came as a problem with a code and a sentence that tells nothing of our inside.
func (a answer) problem(t testing.TB, code string) {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("a refusal came as %s: %s", got, a.body)
		return
	}
	if got := a.text(t, "code"); got != code {
		t.Errorf("the code is %s, want %s: %s", got, code, a.body)
	}
	for _, inside := range []string{"goroutine", ".go:", "sqlite", "SQL", "commit"} {
		if strings.Contains(a.body, inside) {
			t.Errorf("a refusal tells of %q: %s", inside, a.body)
		}
	}
}

// register makes an account and is signed in.
func (v *visitor) register(name string) *visitor {
	v.t.Helper()
	email := strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.com"
	v.ask("POST", "/api/v1/readers", map[string]string{"name": name, "email": email, "password": password}, http.StatusCreated)
	return v
}

// newsroom is the origin whose pages the tests comment on.
const newsroom = "http://news.localhost"

// story opens the conversation of a page and gives its id.
func (v *visitor) story(page string) string {
	v.t.Helper()
	got, err := v.try("POST", "/api/v1/stories", map[string]string{"url": newsroom + "/" + page, "title": page})
	if err != nil || got.status/100 != 2 {
		v.t.Fatalf("open a story: %d %s %v", got.status, got.body, err)
	}
	return got.text(v.t, "id")
}

func comments(story string) string { return "/api/v1/stories/" + story + "/comments" }

// post writes a comment and gives its id.
func (v *visitor) post(story, body string) string {
	v.t.Helper()
	return v.ask("POST", comments(story), map[string]string{"body": body}, http.StatusCreated).text(v.t, "comment", "id")
}

// busy is how much later than promised something may be on a machine that does other things besides. What the limits
// guard against (a wait for a client that has stalled, a look that comes only once a minute) takes longer still.
const busy = 10 * time.Second

// within fails when something took longer than is promised, and than a busy machine explains.
func within(t testing.TB, limit time.Duration, what string, begun time.Time) {
	t.Helper()
	atMost(t, limit, what, time.Since(begun))
}

func atMost(t testing.TB, limit time.Duration, what string, took time.Duration) {
	t.Helper()
	t.Logf("%s after %v", what, took.Round(time.Millisecond))
	if took > limit+busy {
		t.Errorf("%s after %v, is promised within %v", what, took, limit)
	}
}
