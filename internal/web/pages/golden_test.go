package pages_test

import (
	"flag"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/web"
)

var update = flag.Bool("update", false, "write the golden files anew")

// noon is when everything in the golden pages happens.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// TestGolden holds the main pages, byte for byte, against the files in testdata.
func TestGolden(t *testing.T) {
	w := newWorldAt(t, noon)
	ilse, tobias := w.reader("Ilse Marrow"), w.reader("Tobias Renn")
	story := w.foreign("The ferry is a street")
	root := w.post(ilse, story.ID, 0, "A pavement *loses* money too.")
	w.clock.Advance(time.Minute)
	reply := w.post(tobias, story.ID, root.ID, "Then close the pavement.")
	w.follows(ilse, tobias)
	w.clock.Advance(time.Minute)
	own := w.post(tobias, story.ID, root.ID, "Or the ministry.")
	s, c := "/s/"+story.ID.String(), "/c/"
	stranger, member := w.browser(), w.browser().signIn("Ilse Marrow")
	newcomer := w.browser()
	registering := newcomer.get(s+"/write?parent="+root.ID.String()).form(t, "Register and go on")
	registering = newcomer.submit(registering, "body", "My *first* words.", "do", "register").form(t, "new-password")

	for name, got := range map[string]answer{
		"index":          stranger.get("/"),
		"article":        stranger.get("/articles/who-may-close-a-street"),
		"story":          stranger.get(s),
		"permalink":      stranger.get(c + reply.ID.String()),
		"profile":        stranger.get("/readers/" + tobias.ID.String()),
		"bridge":         stranger.get("/bridge"),
		"missing":        stranger.get("/nothing"),
		"write-stranger": stranger.get(s + "/write"),
		"act-stranger":   stranger.get(c + root.ID.String() + "/act"),
		"sign-in-failed": stranger.send("/account/sign-in", url.Values{"email": {"nobody@example.org"}, "next": {"/following"}}),
		"login":          stranger.get("/login?return=" + paper),
		"login-register": stranger.get("/login?way=register&return=" + paper),
		"register-wrong": newcomer.submit(registering, "email", "hanne@example.org", "name", "H"),
		"welcome":        newcomer.submit(registering, "name", "Hanne Quill", "password", password),
		"write":          member.submit(member.get(s+"/write?parent="+reply.ID.String()).form(t, "Preview"), "do", "preview", "body", "I *agree*."),
		"act":            member.get(c + own.ID.String() + "/act"),
		"act-own":        member.get(c + root.ID.String() + "/act"),
		"reader-act":     member.get("/readers/" + tobias.ID.String() + "/act"),
		"story-follow":   member.get(s + "/follow"),
		"following":      member.get("/following"),
		"notices":        member.get("/notices"),
		"account":        member.get("/account"),
		"bar":            member.get("/account/bar"),
		"sign-out":       member.get("/account/sign-out"),
	} {
		golden(t, name, w.base, got)
	}
}

func (w *world) follows(by, whom parley.Reader) {
	w.Helper()
	if err := w.f.Conversation.Follow(w.Context(), by, parley.FollowReader, whom.ID, true); err != nil {
		w.Fatal(err)
	}
}

var (
	idText  = regexp.MustCompile(`\b\d{15,}\b`)
	keyText = regexp.MustCompile(`name="key" value="[^"]*"`)
	// Conversations, lists of comments and data for machines have golden files where they are made.
	inner = regexp.MustCompile(`(?s)(<parley-conversation )[^>]*>.*?(</parley-conversation>)|(<div class="parley listing">).*?\n</ol>.*?(</div>)|(<script type="application/ld\+json">).*?(</script>)`)
)

// golden compares an answer with its file. The server's address, ids and keys change from run to run; they
// stand there by other names.
func golden(t *testing.T, name, base string, got answer) {
	t.Helper()
	text := strings.ReplaceAll(got.body, base, "https://forum.example")
	text = keyText.ReplaceAllString(text, `name="key" value="KEY"`)
	text = inner.ReplaceAllString(text, "$1$3$5…$2$4$6")
	ids := map[string]string{}
	text = idText.ReplaceAllStringFunc(text, func(id string) string {
		if ids[id] == "" {
			ids[id] = "ID" + strconv.Itoa(len(ids)+1)
		}
		return ids[id]
	})
	text = http.StatusText(got.StatusCode) + "\n" + text
	path := filepath.Join("testdata", name+".golden.html")
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != text {
		t.Errorf("%s is not what testdata holds; look at it and run with -update:\n%s", name, text)
	}
}

// TestBasePath holds that everything works under a path of the newspaper's own host.
func TestBasePath(t *testing.T) {
	w := newWorld(t, func(f *web.Forum) { f.Site.BaseURL += "/_parley" })
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("A page")
	root := w.post(ilse, story.ID, 0, "Words.")
	b := w.browser()
	b.home += "/_parley"
	for _, path := range []string{"/", "/s/" + story.ID.String(), "/c/" + root.ID.String(), "/account/sign-in", "/c/" + root.ID.String() + "/act"} {
		page := b.get(path).want(t, http.StatusOK)
		for _, found := range regexp.MustCompile(`(?:href|src|action)="([^"#]*)`).FindAllStringSubmatch(page.body, -1) {
			if to := found[1]; to != "" && !strings.HasPrefix(to, w.base+"/_parley/") && !strings.HasPrefix(to, paper) && to != "data:," {
				t.Errorf("%s leads to %s", path, to)
			}
		}
	}
	f := b.get("/account/sign-in?next=/following").form(t, "current-password")
	if to := b.submit(f, "email", address("Ilse Marrow"), "password", password).Header.Get("Location"); to != w.base+"/_parley/following" {
		t.Errorf("signing in leads to %s", to)
	}
	if to := b.get("/?utm_source=x").Header.Get("Location"); to != w.base+"/_parley/" {
		t.Errorf("the address without parameters is %s", to)
	}
}
