package e2e

import (
	"bufio"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"parley/internal/mail/mailtest"
)

// canaries are secrets of readers, each there once in the world, by what they are.
type canaries map[string]string

// forms gives every way in which a secret may be written down.
func forms(secret string) map[string]string {
	all := map[string]string{"itself": secret, "escaped for addresses": url.QueryEscape(secret), "escaped for HTML": html.EscapeString(secret)}
	for name, text := range map[string]string{"": secret, " in lower case": strings.ToLower(secret), " and a line end": secret + "\n"} {
		one, two, three := md5.Sum([]byte(text)), sha1.Sum([]byte(text)), sha256.Sum256([]byte(text))
		for kind, sum := range map[string][]byte{"MD5": one[:], "SHA-1": two[:], "SHA-256": three[:]} {
			all[kind+name] = hex.EncodeToString(sum)
			all[kind+" in base64"+name] = base64.RawStdEncoding.EncodeToString(sum)
			all[kind+" in base64url"+name] = base64.RawURLEncoding.EncodeToString(sum)
		}
		all["base64"+name] = base64.RawStdEncoding.EncodeToString([]byte(text))
		all["base64url"+name] = base64.RawURLEncoding.EncodeToString([]byte(text))
		all["hex"+name] = hex.EncodeToString([]byte(text))
	}
	if raw, err := base64.RawURLEncoding.DecodeString(secret); err == nil { // what a token's bytes are kept as
		sum := sha256.Sum256(raw)
		all["SHA-256 of its bytes"], all["its bytes"] = hex.EncodeToString(sum[:]), hex.EncodeToString(raw)
	}
	return all
}

// in tells which canaries a text holds, and how they are written there.
func (c canaries) in(text string) (found []string) {
	lower := strings.ToLower(text)
	for what, secret := range c {
		for form, written := range forms(secret) {
			if len(written) > 6 && (strings.Contains(text, written) || strings.Contains(lower, strings.ToLower(written))) {
				found = append(found, what+" ("+form+")")
			}
		}
	}
	return found
}

// search reports every canary in a text.
func (c canaries) search(t *testing.T, where, text string) {
	t.Helper()
	for _, found := range c.in(text) {
		t.Errorf("%s holds %s", where, found)
	}
}

// caller is somebody with a browser's cookies and an address of their own.
type caller struct {
	t       *testing.T
	base    string
	from    string
	cookies map[string]string
}

func (c *caller) ask(method, path, body string, headers ...string) (*http.Response, string) {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	} else if body != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", c.base)
	}
	r.Header.Set("X-Forwarded-For", c.from)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	for name, value := range c.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	client := http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	got, err := client.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, cookie := range got.Cookies() {
		c.cookies[cookie.Name] = cookie.Value
	}
	return got, string(text)
}

// header gives an answer's headers as text, without the cookie that the asker is to have.
func header(got *http.Response) string {
	h := got.Header.Clone()
	h.Del("Set-Cookie")
	return fmt.Sprint(h)
}

var linkInMail = regexp.MustCompile(`/account/confirm\?token=([A-Za-z0-9_-]{43})`)

// TestNoCanaryGetsOut gives three readers an address, a password, sessions and a client address that are nowhere
// else, lets them live a forum's life, and looks for each, and for its usual hashes and codings, in everything that
// others can ask for and in the log at its most talkative: none is there.
func TestNoCanaryGetsOut(t *testing.T) {
	out, sink := &logged{}, mailtest.Start(t)
	articles := t.TempDir()
	piece := "---\ntitle: A piece\npublished: 2026-11-19T06:00:00Z\nauthor: Ilse Marrow\nsection: Cities\n---\nWords.\n"
	if err := os.WriteFile(filepath.Join(articles, "a-piece.md"), []byte(piece), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, out, "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--articles", articles, "--limits", "off", "--log-level", "debug",
		"--smtp", sink.Addr, "--smtp-tls", "none", "--mail-from", "forum@example.org", "--trusted-proxies", "127.0.0.0/8", "--metrics-token", "counting-is-allowed-here")
	base := address.FindString(out.String())

	secrets := canaries{}
	readers := map[string]*caller{}
	const words = `{"email":%q,"name":%q,"password":%q}`
	for i, name := range []string{"Ada", "Bela", "Cora"} {
		c := &caller{t: t, base: base, from: fmt.Sprintf("203.0.113.%d", 71+i), cookies: map[string]string{}}
		readers[name] = c
		email, password := "mail-"+strings.ToLower(rand.Text()[:12])+"@example.com", "pass "+rand.Text()
		secrets[name+"'s address"], secrets[name+"'s password"], secrets[name+"'s client address"] = email, password, c.from
		got, text := c.ask("POST", "/api/v1/readers", fmt.Sprintf(words, email, name, password))
		if got.StatusCode != http.StatusCreated {
			t.Fatalf("%s: %d %s", name, got.StatusCode, text)
		}
		letter, err := sink.Wait(i + 1)[i].Letter()
		if err != nil {
			t.Fatal(err)
		}
		token := linkInMail.FindStringSubmatch(letter.Text)
		if token == nil {
			t.Fatalf("no link in %s", letter.Text)
		}
		secrets[name+"'s confirmation"] = token[1]
		c.ask("GET", "/account/confirm?token="+token[1], "")
		if got, text := c.ask("POST", "/account/confirm", url.Values{"token": {token[1]}, "do": {"confirm"}}.Encode()); got.StatusCode != http.StatusSeeOther {
			t.Fatalf("confirm %s: %d %s", name, got.StatusCode, text)
		}
		secrets[name+"'s first session"] = c.cookies["parley"]
		c.ask("POST", "/api/v1/session", fmt.Sprintf(`{"email":%q,"password":"not this one at all"}`, email))
		c.ask("POST", "/api/v1/session", fmt.Sprintf(`{"email":%q,"password":%q}`, email, password))
		secrets[name+"'s session"] = c.cookies["parley"]
		if secrets[name+"'s session"] == secrets[name+"'s first session"] {
			t.Fatal("signing in gave the old session")
		}
	}
	nobody := &caller{t: t, base: base, from: "198.51.100.5", cookies: map[string]string{}}
	spy := readers["Cora"]
	own := canaries{} // of Ada and Bela: Cora may read her own
	for what, secret := range secrets {
		if !strings.HasPrefix(what, "Cora") {
			own[what] = secret
		}
	}
	seeds := life(t, readers, nobody)
	if _, page := readers["Ada"].ask("GET", "/account", ""); len(own.in(page)) == 0 {
		t.Error("the search does not even find a reader's address on the reader's own page")
	}
	known := map[string]bool{}
	for queue := seeds; len(queue) > 0 && len(known) < 600; queue = queue[1:] {
		path := queue[0]
		if known[path] {
			continue
		}
		known[path] = true
		got, text := nobody.ask("GET", path, "")
		secrets.search(t, path+" for nobody", text+header(got))
		queue = append(queue, linksOf(text, base)...)
		got, text = spy.ask("GET", path, "")
		own.search(t, path+" for a reader", text+header(got))
		queue = append(queue, linksOf(text, base)...)
	}
	if len(known) < 60 {
		t.Errorf("opened %d addresses only", len(known))
	}
	for _, wrong := range [][3]string{
		{"POST", "/api/v1/readers", fmt.Sprintf(words, secrets["Ada's address"], "Ada", "x")}, {"POST", "/api/v1/session", fmt.Sprintf(`{"email":%q,"password":%q}`, secrets["Ada's address"], "wrong")},
		{"PUT", "/api/v1/session", ""}, {"POST", "/api/v1/session", "{"}, {"DELETE", "/nothing", ""}, {"POST", "/account/confirm", "do=confirm&token=" + secrets["Ada's confirmation"]},
		{"POST", "/api/v1/session/redeem", fmt.Sprintf(`{"verifier":%q}`, secrets["Ada's session"])}, {"POST", "/api/v1/readers", `{"email":"` + strings.Repeat("x", 70_000) + `"}`},
	} {
		got, text := nobody.ask(wrong[0], wrong[1], wrong[2])
		secrets.search(t, wrong[0]+" "+wrong[1], text+header(got))
	}
	_, counters := nobody.ask("GET", "/metrics", "", "Authorization", "Bearer counting-is-allowed-here")
	secrets.search(t, "the counters", counters)
	secrets.search(t, "the log", out.String())
	if !strings.Contains(out.String(), "level=DEBUG") || !strings.Contains(counters, "parley_request_seconds") {
		t.Error("the log is not at its most talkative, or the counters are not there")
	}
}

// life lets the readers do everything once, with a stream open, and gives the addresses to begin with.
func life(t *testing.T, readers map[string]*caller, nobody *caller) []string {
	t.Helper()
	ada, bela, cora := readers["Ada"], readers["Bela"], readers["Cora"]
	member := func(text string, path ...string) string {
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		for _, name := range path {
			value = value.(map[string]any)[name]
		}
		return value.(string)
	}
	nobody.ask("GET", "/articles/a-piece", "")
	_, text := ada.ask("POST", "/api/v1/stories", `{"url":"`+ada.base+`/articles/a-piece"}`)
	story := member(text, "id")
	open := listen(t, nobody.base+"/api/v1/stories/"+story+"/events")
	write := func(c *caller, parent, body string) string {
		_, text := c.ask("POST", "/api/v1/stories/"+story+"/comments", fmt.Sprintf(`{"body":%q,"parent":%s}`, body, parent))
		return member(text, "comment", "id")
	}
	root := write(ada, "null", "A first word.")
	reply := write(bela, `"`+root+`"`, "A second.")
	write(cora, `"`+reply+`"`, "A third.")
	gone := write(ada, "null", "Not this.")
	ada.ask("DELETE", "/api/v1/comments/"+gone, "")
	bela.ask("PUT", "/api/v1/comments/"+root+"/recommendation", "")
	bela.ask("POST", "/api/v1/comments/"+root+"/reports", `{"reason":"other","note":"Between us."}`)
	ids := map[string]string{}
	for name, c := range readers {
		_, text := c.ask("GET", "/api/v1/me", "")
		ids[name] = member(text, "reader", "id")
	}
	ada.ask("PUT", "/api/v1/readers/"+ids["Cora"]+"/follow", "")
	cora.ask("PUT", "/api/v1/readers/"+ids["Ada"]+"/follow", "")
	cora.ask("PUT", "/api/v1/stories/"+story+"/follow", "")
	bela.ask("PATCH", "/api/v1/me", `{"hidden":true}`)
	heard := open.until(write(ada, "null", "One more."))
	seeds := []string{"/", "/articles/a-piece", "/articles/feed.xml", "/fragment?story=" + story, "/s/" + story, "/s/" + story + "/feed", "/s/" + story + "/feed?format=json", "/s/" + story + "/comments",
		"/s/" + story + "/new?after=1", "/bridge", "/healthz", "/readyz", "/metrics", "/nothing", "/robots.txt", "/api/v1/nothing", "/api/v1/me?story=" + story, "/api/v1/stories/" + story,
		"/api/v1/stories/" + story + "/comments", "/api/v1/counts?story=" + story, "/api/v1/feed", "/api/v1/notices", "/api/v1/me/follows", "/api/v1/me/followers", "/api/v1/me/blocks",
		"/following", "/notices", "/account", "/account/bar", "/account/setup?token=x", "/login", "/demo/mail", "/debug/pprof/", "/s/" + story + "/write?parent=" + root}
	for _, id := range []string{root, reply, gone} {
		seeds = append(seeds, "/c/"+id, "/c/"+id+"/act", "/c/"+id+"/item", "/c/"+id+"/replies", "/api/v1/comments/"+id, "/api/v1/comments/"+id+"/replies")
	}
	for _, id := range ids {
		seeds = append(seeds, "/readers/"+id, "/readers/"+id+"/act", "/api/v1/readers/"+id, "/api/v1/readers/"+id+"/comments")
	}
	all := canaries{}
	for name, c := range readers {
		all[name+"'s session"], all[name+"'s client address"] = c.cookies["parley"], c.from
	}
	all.search(t, "the stream", heard)
	if strings.Contains(heard, "@example.com") {
		t.Error("the stream holds an address")
	}
	return seeds
}

// stream is what an open page hears.
type stream struct {
	t     *testing.T
	lines chan string
	text  strings.Builder
}

// listen opens a story's stream until the test ends.
func listen(t *testing.T, address string) *stream {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	s := &stream{t: t, lines: make(chan string, 1000)}
	go func() {
		defer got.Body.Close()
		for lines := bufio.NewScanner(got.Body); lines.Scan(); {
			s.lines <- lines.Text()
		}
	}()
	return s
}

// until waits for a text and gives everything heard so far.
func (s *stream) until(text string) string {
	s.t.Helper()
	for late := time.After(patience); !strings.Contains(s.text.String(), text); {
		select {
		case line := <-s.lines:
			s.text.WriteString(line + "\n")
		case <-late:
			s.t.Fatalf("the stream never said %q, but %s", text, s.text.String())
		}
	}
	return s.text.String()
}

// linksOf gives the addresses of the forum's own that stand on a page.
func linksOf(page, base string) (links []string) {
	for z := html.NewTokenizer(strings.NewReader(page)); z.Next() != html.ErrorToken; {
		for _, attr := range z.Token().Attr {
			path, ours := strings.CutPrefix(attr.Val, base)
			path, _, _ = strings.Cut(path, "#")
			if ours && strings.HasPrefix(path, "/") && len(path) < 400 {
				links = append(links, path)
			}
		}
	}
	return links
}

// A search that finds nothing anywhere proves nothing.
func TestCanariesSing(t *testing.T) {
	for form, written := range forms("mail-abc@example.com") {
		if found := (canaries{"an address": "mail-abc@example.com"}).in("<p>" + written + "</p>"); len(found) == 0 {
			t.Errorf("an address %s is not found", form)
		}
	}
}
