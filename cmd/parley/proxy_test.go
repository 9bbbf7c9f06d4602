package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestUnderAPath serves the forum below a path of the newspaper's host, behind a proxy that forwards that path only.
func TestUnderAPath(t *testing.T) {
	proxy := &httputil.ReverseProxy{FlushInterval: -1}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/_parley/") {
			proxy.ServeHTTP(w, r)
			return
		}
		http.Error(w, "the newspaper's own page "+r.URL.Path, http.StatusTeapot) // nothing of ours may lead here
	}))
	t.Cleanup(front.Close)
	_, port, err := net.SplitHostPort(front.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	host := "http://localhost:" + port
	base := host + "/_parley"
	// The program is ready before the proxy knows it: start asks it directly, under the same path.
	p := start(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--base-url", base, "--limits", "off", "--articles", articles(t))
	behind, err := url.Parse(p.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy.Rewrite = func(r *httputil.ProxyRequest) { r.SetURL(behind); r.SetXForwarded() }
	p.url = base // from here on everything goes through the proxy

	odo := stranger(p)
	odo.get("/healthz")
	odo.get("/readyz")
	setup := p.setupLink()
	if !strings.HasPrefix(setup, base+"/account/setup?token=") {
		t.Errorf("the setup link is %q", setup)
	}
	odo.get(setup)
	odo.register("Odo Pell")
	for _, cookie := range odo.client.Jar.Cookies(&url.URL{Scheme: "http", Host: "localhost:" + port, Path: "/news/"}) {
		if cookie.Name == "parley" {
			setup = ""
		}
	}
	if setup != "" {
		t.Error("the cookie does not reach the newspaper's pages, whose frames and scripts need it")
	}

	page := odo.get("/articles/tides")
	story := regexp.MustCompile(`data-story="(\d+)"`).FindStringSubmatch(page.body)
	if story == nil {
		t.Fatalf("no conversation under the article: %s", page.body)
	}
	pages := stranger(p).watch(story[1])
	id := odo.post(story[1], "By path.")
	if data := next(t, pages, "comment"); !strings.Contains(data, id) {
		t.Errorf("the stream tells of %s", data)
	}

	seen := map[string]bool{}
	for _, path := range []string{"/", "/articles/tides", "/s/" + story[1], "/c/" + id, "/s/" + story[1] + "/write", "/following", "/notices", "/account",
		"/account/register", "/account/sign-in", "/readers/" + odo.get("/api/v1/me").text(t, "reader", "id"), "/fragment?story=" + story[1]} {
		for _, link := range links(odo.get(path).body) {
			if strings.HasPrefix(link, "/") || strings.HasPrefix(link, host) && !strings.HasPrefix(link, base) {
				t.Errorf("%s leads out of the forum: %s", path, link)
			}
			if strings.HasPrefix(link, base) && !seen[link] {
				seen[link] = true
				if got, err := odo.try("GET", link, nil); err != nil || got.status >= 400 {
					t.Errorf("%s leads to %s, which answers %d (%v)", path, link, got.status, err)
				}
			}
		}
	}
	if len(seen) < 10 {
		t.Errorf("only %d addresses were found: %v", len(seen), seen)
	}
	for path, target := range map[string]string{
		"/s/" + story[1] + "?utm_source=x": "/s/" + story[1], "//s/" + story[1]: "/s/" + story[1],
		"/s/" + story[1] + "/../" + story[1]: "/s/" + story[1],
	} {
		r, err := odo.try("GET", path, nil)
		if err != nil || r.header.Get("Location") != base+target {
			t.Errorf("%s is sent to %q (%d, %v)", path, r.header.Get("Location"), r.status, err)
		}
	}
	out := stranger(p)
	if to := out.ask("GET", "/account", nil, http.StatusSeeOther).header.Get("Location"); !strings.HasPrefix(to, base+"/account/sign-in") {
		t.Errorf("strangers are sent to %s", to)
	}
}

var leads = regexp.MustCompile(`(?:href|src|action)="([^"]+)"`)

// links lists where a page leads and what it loads.
func links(page string) []string {
	var all []string
	for _, found := range leads.FindAllStringSubmatch(page, -1) {
		link := strings.ReplaceAll(found[1], "&amp;", "&")
		if !strings.HasPrefix(link, "#") && !strings.HasPrefix(link, "data:") && !strings.HasPrefix(link, "mailto:") && !strings.Contains(link, "/sign-out") {
			all = append(all, link)
		}
	}
	return all
}

// behindTLS serves a forum that readers reach by https, through a proxy of ours.
func behindTLS(t *testing.T, more ...string) *process {
	t.Helper()
	return start(t, append([]string{"serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0", "--base-url", "https://forum.example.com",
		"--origins", "https://www.example.com", "--trusted-proxies", "127.0.0.0/8"}, more...)...)
}

// TestBehindTLS looks at the cookies and headers of a forum whose proxy ends TLS.
func TestBehindTLS(t *testing.T) {
	p := behindTLS(t)
	for from, want := range map[string][]string{
		"":            {"SameSite=Lax"},
		"same-origin": {"SameSite=Lax"},
		"same-site":   {"SameSite=Lax"},
		"cross-site":  {"SameSite=None", "Partitioned"},
	} {
		v := stranger(p)
		v.header.Set("Origin", "https://www.example.com")
		if from != "" {
			v.header.Set("Sec-Fetch-Site", from)
		}
		who := map[string]string{"name": "Odo from " + from + ".", "email": "odo" + from + "@example.com", "password": password}
		got := v.ask("POST", "/api/v1/readers", who, http.StatusCreated)
		cookie := got.header.Get("Set-Cookie")
		for _, part := range append(want, "__Host-parley=", "Secure", "HttpOnly", "Path=/") {
			if !strings.Contains(cookie, part) {
				t.Errorf("from %q the cookie has no %s: %s", from, part, cookie)
			}
		}
		if strings.Contains(cookie, "Domain") || (from != "cross-site") == strings.Contains(cookie, "Partitioned") {
			t.Errorf("from %q the cookie is %s", from, cookie)
		}
		if v.get("/api/v1/me").text(t, "reader", "name") != who["name"] {
			t.Errorf("from %q the cookie does not come back", from)
		}
	}
	for _, path := range []string{"/", "/api/v1/me", "/embed.js", "/account/sign-in"} {
		if hsts := stranger(p).get(path).header.Get("Strict-Transport-Security"); hsts != "" {
			t.Errorf("%s decides on TLS for the whole host: %s", path, hsts)
		}
	}
}

// TestLimitsBehindAProxy wears the limit on signing in out, for one address at a time.
func TestLimitsBehindAProxy(t *testing.T) {
	from := func(p *process, address string) *visitor {
		v := stranger(p)
		v.header.Set("X-Forwarded-For", address)
		return v
	}
	wrong := func(n int) map[string]string {
		return map[string]string{"email": "nobody" + strconv.Itoa(n) + "@example.com", "password": password}
	}
	p := behindTLS(t)
	if got := exhaust(t, from(p, "1.2.3.4, 198.51.100.7"), wrong); got < 20 {
		t.Errorf("refused after %d tries", got)
	}
	from(p, "5.6.7.8, 198.51.100.7").ask("POST", "/api/v1/session", wrong(0), http.StatusTooManyRequests) // a made-up hop before the real one
	from(p, "198.51.100.8").ask("POST", "/api/v1/session", wrong(0), http.StatusUnauthorized)

	// Without trust in the proxy nobody's word counts, so all come from one address.
	p = start(t, "serve", "--data", t.TempDir(), "--addr", "127.0.0.1:0")
	exhaust(t, from(p, "198.51.100.7"), wrong)
	from(p, "198.51.100.8").ask("POST", "/api/v1/session", wrong(0), http.StatusTooManyRequests)
}

// exhaust tries to sign in until it is refused, looks at the refusal, and tells how many tries it took.
func exhaust(t *testing.T, v *visitor, body func(int) map[string]string) int {
	t.Helper()
	for n := range 60 {
		got, err := v.try("POST", "/api/v1/session", body(n))
		if err != nil {
			t.Fatal(err)
		}
		switch got.status {
		case http.StatusUnauthorized:
			continue
		case http.StatusTooManyRequests:
		default:
			t.Fatalf("signing in answers %d: %s", got.status, got.body)
		}
		got.problem(t, "too_many_requests")
		if after, err := strconv.Atoi(got.header.Get("Retry-After")); err != nil || after < 1 || after > 600 {
			t.Errorf("come back after %q", got.header.Get("Retry-After"))
		}
		return n
	}
	t.Fatal("guessing passwords has no limit")
	return 0
}
