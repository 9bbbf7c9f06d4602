package api_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"parley"
	"parley/internal/identity"
	"parley/internal/press"
	"parley/internal/store"
	"parley/internal/web"
	"parley/internal/web/api"
	"parley/internal/web/pages"
	"parley/internal/web/webtest"
)

// town is two whole forums, API and pages, on one database, and whoever asks them.
type town struct {
	testing.TB
	forums map[string]*web.Forum
	bases  map[string]string
	people map[string]parley.Reader
	sites  map[string]string // whose forum each of the people reads
	tokens map[string]string
	rows   *sql.DB
	fresh  int
}

const (
	first  = "first"
	second = "second"
)

func newTown(t testing.TB) *town {
	t.Helper()
	dir := t.TempDir()
	s, err := store.Open(t.Context(), store.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	rows, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "parley.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rows.Close(); s.Close() })
	served, err := press.Load(fstest.MapFS{"a-piece.md": {Data: []byte("---\ntitle: A piece\npublished: 2026-11-19T06:00:00Z\nauthor: Ilse Marrow\nsection: Cities\n---\nWords.\n")}})
	if err != nil {
		t.Fatal(err)
	}
	w := &town{rows: rows, TB: t, forums: map[string]*web.Forum{}, bases: map[string]string{}, people: map[string]parley.Reader{}, sites: map[string]string{}, tokens: map[string]string{}}
	for _, key := range []string{first, second} {
		server := httptest.NewUnstartedServer(nil)
		w.bases[key] = "http://" + server.Listener.Addr().String()
		f := webtest.ForumOf(t, s, parley.Site{Key: key, BaseURL: w.bases[key], Origins: []string{w.bases[key], "https://news." + key + ".example"}, Passages: true, Questions: true})
		p, err := pages.New(f, pages.Options{Articles: served})
		if err != nil {
			t.Fatal(err)
		}
		mux := http.NewServeMux()
		p.Routes(mux)
		api.New(f).Routes(mux)
		handler, err := f.Wrap(mux)
		if err != nil {
			t.Fatal(err)
		}
		server.Config.Handler = handler
		server.Start()
		t.Cleanup(server.Close)
		w.forums[key] = f
	}
	return w
}

// join makes an account with a confirmed address on a site.
func (w *town) join(site, name string, roles parley.Role) parley.Reader {
	w.Helper()
	r, err := w.forums[site].Identity.CreateConfirmed(w.Context(), identity.Registration{Name: name, Email: mailOf(name), Password: password}, roles)
	if err != nil {
		w.Fatal(err)
	}
	w.people[name], w.sites[name] = r, site
	return r
}

func mailOf(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.com"
}

// token gives a session of the reader's, begun without the cost of a password.
func (w *town) token(name string) string {
	w.Helper()
	if token := w.tokens[name]; token != "" {
		return token
	}
	f := w.forums[w.sites[name]]
	w.fresh++
	verifier := base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%032d", w.fresh))
	sum := sha256.Sum256([]byte(verifier))
	if err := f.Identity.Offer(w.Context(), w.people[name], base64.RawURLEncoding.EncodeToString(sum[:]), f.Origin()); err != nil {
		w.Fatal(err)
	}
	_, token, err := f.Identity.Redeem(w.Context(), verifier, f.Origin())
	if err != nil {
		w.Fatal(err)
	}
	w.tokens[name] = string(token)
	return string(token)
}

func (w *town) story(site string) parley.Story {
	w.Helper()
	w.fresh++
	f := w.forums[site]
	story, _, err := f.Conversation.OpenStory(w.Context(), parley.Reader{}, fmt.Sprintf("%s/story/%d", f.Site.BaseURL, w.fresh), "A story")
	if err != nil {
		w.Fatal(err)
	}
	return story
}

// comment writes one in a story and puts it into a state.
func (w *town) comment(by parley.Reader, story parley.Story, state parley.State) (c parley.Comment) {
	w.Helper()
	w.fresh++
	w.write(func(tx *store.Tx) error {
		id := tx.NewID()
		c = parley.Comment{
			ID: id, Site: story.Site, Story: story.ID, Root: id, Depth: 1, Author: by.Byline(), State: state,
			Body: fmt.Sprintf("Words number %d.", w.fresh), CreatedAt: tx.Now,
		}
		if err := tx.InsertComment(c); err != nil {
			return err
		}
		_, err := tx.Count(c, "", state)
		return err
	})
	return c
}

func (w *town) write(fn func(*store.Tx) error) {
	w.Helper()
	if err := w.forums[first].Store.Write(w.Context(), 0, fn); err != nil {
		w.Fatal(err)
	}
}

// reply is an answer of a forum, read to its end.
type reply struct {
	*http.Response
	body string
}

func (r reply) code() string {
	var problem struct{ Code string }
	_ = json.Unmarshal([]byte(r.body), &problem)
	return problem.Code
}

// ask sends one request to a site. headers are names and values in turn; a body that begins with a brace goes as
// JSON. A stream is left as soon as it has begun.
func (w *town) ask(site, method, path, body string, headers ...string) reply {
	w.Helper()
	r, err := http.NewRequestWithContext(w.Context(), method, w.bases[site]+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if strings.EqualFold(headers[i], "Host") {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Add(headers[i], headers[i+1])
	}
	got, err := client.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	defer got.Body.Close()
	if strings.HasPrefix(got.Header.Get("Content-Type"), "text/event-stream") {
		return reply{got, ""}
	}
	content, err := io.ReadAll(got.Body)
	if err != nil {
		w.Fatal(err)
	}
	return reply{got, string(content)}
}

// client follows nothing by itself.
var client = &http.Client{
	Timeout:       30 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// as gives the headers of a signed-in reader's page.
func (w *town) as(name string) []string { return []string{"Cookie", "parley=" + w.token(name)} }

// counts gives how many rows of everything there are.
func (w *town) counts() map[string]int {
	w.Helper()
	counts := map[string]int{}
	for _, table := range []string{
		"readers", "sessions", "credentials", "stories", "comments", "earlier_texts", "recommendations", "reports", "decisions",
		"follows", "silences", "notices", "idempotency", "events",
	} {
		var n int
		if err := w.rows.QueryRowContext(w.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
			w.Fatal(err)
		}
		counts[table] = n
	}
	return counts
}
