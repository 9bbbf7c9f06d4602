package webtest

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Browser asks a server as a browser without scripts does: it keeps cookies and sends forms from the pages of
// one origin. It follows no redirect by itself.
type Browser struct {
	testing.TB
	Base   string // of the forum: paths are looked up there, and forms come from its origin
	client *http.Client
}

// NewBrowser gives a browser without cookies.
func NewBrowser(t testing.TB, base string) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Browser{TB: t, Base: base, client: &http.Client{Jar: jar, CheckRedirect: stay}}
}

// Cookies gives what the browser keeps for an address.
func (b *Browser) Cookies(at *url.URL) []*http.Cookie { return b.client.Jar.Cookies(at) }

// Answer is what came back, read to its end.
type Answer struct {
	*http.Response
	Body string
}

// Do sends a request; headers are pairs of names and values, and an empty value takes one off.
func (b *Browser) Do(method, path, body string, headers ...string) Answer {
	b.Helper()
	if !strings.HasPrefix(path, "http") {
		path = b.Base + path
	}
	r, err := http.NewRequestWithContext(b.Context(), method, path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	got, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		b.Fatal(err)
	}
	return Answer{got, string(text)}
}

// Get opens a page.
func (b *Browser) Get(path string, headers ...string) Answer {
	b.Helper()
	return b.Do("GET", path, "", headers...)
}

// Send posts fields as a form of the forum's own pages does.
func (b *Browser) Send(path string, fields url.Values, headers ...string) Answer {
	b.Helper()
	own := []string{"Content-Type", "application/x-www-form-urlencoded", "Origin", b.Base, "Sec-Fetch-Site", "same-origin"}
	return b.Do("POST", path, fields.Encode(), append(own, headers...)...)
}

// Follow goes where a redirect leads, which it must be.
func (b *Browser) Follow(a Answer) Answer {
	b.Helper()
	if a.StatusCode != http.StatusSeeOther {
		b.Fatalf("%s %s answers %d:\n%s", a.Request.Method, a.Request.URL, a.StatusCode, clip(a.Body))
	}
	return b.Get(a.Header.Get("Location"))
}

// Form is a form as it stands on a page.
type Form struct {
	Action string
	Fields url.Values // its inputs, but for radio buttons and check boxes, and its text areas
}

var (
	formTag   = regexp.MustCompile(`(?s)<form[^>]* action="([^"]*)"[^>]*>(.*?)</form>`)
	inputTag  = regexp.MustCompile(`<input[^>]*>`)
	attribute = regexp.MustCompile(`([a-z-]+)="([^"]*)"`)
	areaTag   = regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>`)
)

// Form gives the first form on the page with this text in it.
func (a Answer) Form(t testing.TB, has string) Form {
	t.Helper()
	for _, found := range formTag.FindAllStringSubmatch(a.Body, -1) {
		if !strings.Contains(found[2], has) {
			continue
		}
		f := Form{html.UnescapeString(found[1]), url.Values{}}
		for _, input := range inputTag.FindAllString(found[2], -1) {
			at := map[string]string{}
			for _, pair := range attribute.FindAllStringSubmatch(input, -1) {
				at[pair[1]] = html.UnescapeString(pair[2])
			}
			if at["type"] != "radio" && at["type"] != "checkbox" {
				f.Fields.Set(at["name"], at["value"])
			}
		}
		for _, area := range areaTag.FindAllStringSubmatch(found[2], -1) {
			f.Fields.Set(area[1], html.UnescapeString(area[2]))
		}
		return f
	}
	t.Fatalf("no form with %q on %s:\n%s", has, a.Request.URL, clip(a.Body))
	return Form{}
}

// Submit sends a form with some fields filled in: pairs of names and values.
func (b *Browser) Submit(f Form, fill ...string) Answer {
	b.Helper()
	for i := 0; i < len(fill); i += 2 {
		f.Fields.Set(fill[i], fill[i+1])
	}
	return b.Send(f.Action, f.Fields)
}

// Want checks a status and texts that must stand in the answer; those that begin with "!" must not.
func (a Answer) Want(t testing.TB, status int, texts ...string) Answer {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s %s answers %d, want %d:\n%s", a.Request.Method, a.Request.URL, a.StatusCode, status, clip(a.Body))
	}
	for _, text := range texts {
		text, not := strings.CutPrefix(text, "!")
		if strings.Contains(a.Body, text) == not {
			t.Errorf("%s %s: %q stands there: %v\n%s", a.Request.Method, a.Request.URL, text, not, clip(a.Body))
		}
	}
	return a
}

// clip keeps what a failing test prints readable.
func clip(s string) string { return s[:min(len(s), 4000)] }
