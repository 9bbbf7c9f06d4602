package desk

import (
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"parley"
	"parley/internal/identity"
	"parley/internal/store"
	"parley/internal/store/storetest"
	"parley/internal/web"
	"parley/internal/web/pages"
	"parley/internal/web/webtest"
)

const (
	paper    = "https://news.example" // another origin of the site
	password = "four crows eat my plums"
)

// world is a forum with its readers' pages and its desk behind a real server.
type world struct {
	testing.TB
	f    *web.Forum
	desk *Desk
	base string
}

func newWorld(t testing.TB) *world { t.Helper(); return newWorldWith(t) }

// newWorldWith has a desk with these sections only.
func newWorldWith(t testing.TB, sections ...section) *world {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	w := &world{TB: t, base: "http://" + server.Listener.Addr().String()}
	w.f = webtest.Forum(t, storetest.Open(t), "main", w.base, paper)
	var err error
	if w.desk, err = furnish(w.f, furnished(t), sections); err != nil {
		t.Fatal(err)
	}
	readers, err := pages.New(w.f, pages.Options{})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	w.desk.Routes(mux)
	readers.Routes(mux)
	if server.Config.Handler, err = w.f.Wrap(mux); err != nil {
		t.Fatal(err)
	}
	server.Start()
	t.Cleanup(server.Close)
	return w
}

func (w *world) browser() *webtest.Browser { return webtest.NewBrowser(w, w.base) }

func address(name string) string {
	return strings.ToLower(strings.ReplaceAll(name, " ", ".")) + "@example.org"
}

func (w *world) reader(name string, roles parley.Role) parley.Reader {
	w.Helper()
	r, err := w.f.Identity.CreateConfirmed(w.Context(), identity.Registration{Name: name, Email: address(name), Password: password}, roles)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

func (w *world) story(path, title string) parley.Story {
	w.Helper()
	story, _, err := w.f.Conversation.OpenStory(w.Context(), parley.Reader{}, paper+path, title)
	if err != nil {
		w.Fatal(err)
	}
	return story
}

// atDesk gives a browser in which somebody has signed in at the desk.
func (w *world) atDesk(name string) *webtest.Browser {
	w.Helper()
	b := w.browser()
	got := b.Submit(b.Get("/desk/sign-in").Form(w, "current-password"), "email", address(name), "password", password)
	if got.StatusCode != http.StatusSeeOther {
		w.Fatalf("%s is not let in: %d\n%s", name, got.StatusCode, got.Body)
	}
	return b
}

// spoken is a section with one form, for tests of what the page of a story does with sections.
var spoken = section{
	Name: "spoken", Title: "Words for it", Roles: parley.RoleEditor,
	read: func(_ *store.Tx, at visit) (any, error) {
		if at.Story.Title == "Silent" {
			return nil, nil
		}
		return "of " + at.Story.Title, nil
	},
	act: func(_ context.Context, at visit, in url.Values) (string, error) {
		if in.Get("word") != "please" {
			return "", parley.Errorf(parley.CodeBadSource, "Say please, %s.", at.Reader.Name).On("word")
		}
		return "said", nil
	},
	done: map[string]string{"said": "It has been said."},
}

const spokenTemplate = `{{define "section-spoken"}}<form class="form" method="post" action="{{.Action}}"><input name="word" value="{{.Value "word" .Data}}"{{template "wrong" .Problem.On "word"}}><button name="do" value="say">Say it</button></form>{{end}}`

// furnished gives the desk's templates with one more.
func furnished(t testing.TB) fs.FS {
	t.Helper()
	all := fstest.MapFS{"templates/spoken.html": {Data: []byte(spokenTemplate)}}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = &fstest.MapFile{Data: content}
	}
	return all
}

func TestSignIn(t *testing.T) {
	w := newWorld(t)
	w.reader("Judith Amsel", parley.RoleEditor)
	w.reader("Nadia Orrin", 0)
	story := w.story("/ferry", "The ferry is a street")
	b := w.browser()

	// From a page to the form and back to the page.
	there := pathOf(story)
	got := b.Get(there).Want(t, http.StatusSeeOther)
	if to := got.Header.Get("Location"); to != w.base+"/desk/sign-in?next=%2Fdesk%2Fstories%2F"+story.ID.String() {
		t.Errorf("strangers are sent to %s", to)
	}
	form := b.Follow(got).Want(t, http.StatusOK, "Sign in at the desk", "!<script").Form(t, "current-password")
	form = b.Submit(form, "email", address("Judith Amsel"), "password", "not the password").
		Want(t, http.StatusUnauthorized, "No account fits", address("Judith Amsel")).Form(t, "current-password")
	got = b.Submit(form, "password", password)
	if to := got.Header.Get("Location"); to != w.base+there {
		t.Errorf("signing in leads to %s", to)
	}
	var cookies []string
	for _, c := range got.Cookies() {
		cookies = append(cookies, fmt.Sprintf("%s %v %v", c.Name, c.HttpOnly, c.SameSite == http.SameSiteStrictMode))
	}
	if !slices.Equal(cookies, []string{"parley-desk true true"}) {
		t.Errorf("the cookies are %v", cookies)
	}
	b.Follow(got).Want(t, http.StatusOK, "The ferry is a street", "Judith Amsel, Editor", "!<script")
	b.Get("/desk/sign-in?next="+there).Want(t, http.StatusSeeOther)

	// A reader's account opens nothing, and says so once the password has been right.
	b = w.browser()
	b.Submit(b.Get("/desk/sign-in").Form(t, "current-password"), "email", address("Nadia Orrin"), "password", password).
		Want(t, http.StatusForbidden, "This account does not work at the desk.")
	b.Get("/desk").Want(t, http.StatusSeeOther)
}

func TestSignOut(t *testing.T) {
	w := newWorld(t)
	w.reader("Judith Amsel", parley.RoleEditor)
	b := w.atDesk("Judith Amsel")
	b.Submit(b.Get("/account/sign-in").Form(t, "current-password"), "email", address("Judith Amsel"), "password", password).Want(t, http.StatusSeeOther)

	token := ""
	link, _ := url.Parse(w.base)
	for _, c := range b.Cookies(link) {
		if c.Name == "parley-desk" {
			token = c.Value
		}
	}
	form := b.Get("/desk/sign-out").Want(t, http.StatusOK, "signed in at the desk as Judith Amsel").Form(t, "Sign out")
	b.Follow(b.Submit(form)).Want(t, http.StatusOK, "You are signed out of the desk.")
	b.Get("/desk").Want(t, http.StatusSeeOther)
	b.Get("/account").Want(t, http.StatusOK, "Judith Amsel", `href="`+w.base+`/desk"`)
	// Whoever kept the cookie has nothing in hand.
	w.browser().Get("/desk", "Cookie", "parley-desk="+token).Want(t, http.StatusSeeOther)
}

// TestTheReadersCookieOpensNothing holds that a script on the newspaper's pages never reaches the desk.
func TestTheReadersCookieOpensNothing(t *testing.T) {
	w := newWorld(t)
	w.reader("Judith Amsel", parley.RoleEditor|parley.RoleModerator)
	story := w.story("/ferry", "The ferry is a street")
	b := w.browser()
	b.Submit(b.Get("/account/sign-in").Form(t, "current-password"), "email", address("Judith Amsel"), "password", password).Want(t, http.StatusSeeOther)
	link, _ := url.Parse(w.base)
	token := b.Cookies(link)[0].Value
	for name, headers := range map[string][]string{"the reader's cookie": nil, "its value in the desk's": {"Cookie", "parley-desk=" + token}} {
		for _, path := range []string{"/desk", pathOf(story)} {
			if got := b.Get(path, headers...); got.StatusCode != http.StatusSeeOther {
				t.Errorf("%s opens %s: %d", name, path, got.StatusCode)
			}
		}
		for _, path := range []string{"/desk/stories", pathOf(story) + "/spoken"} {
			b.Send(path, url.Values{"story": {paper + "/other"}}, headers...).Want(t, http.StatusUnauthorized)
		}
	}
	if other, err := w.f.StoryFor(t.Context(), paper+"/other"); err != nil || other.ID != 0 {
		t.Errorf("a story was made: %+v, %v", other, err)
	}
	// And the desk's session is nobody's on the readers' pages.
	atDesk := w.atDesk("Judith Amsel")
	atDesk.Get("/account").Want(t, http.StatusSeeOther)
}

func TestOnlyOwnPagesSendForms(t *testing.T) {
	w := newWorld(t)
	w.reader("Judith Amsel", parley.RoleEditor)
	story := w.story("/ferry", "The ferry is a street")
	b := w.atDesk("Judith Amsel")
	for name, headers := range map[string][]string{
		"another site":           {"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"},
		"a page of the paper":    {"Origin", paper, "Sec-Fetch-Site", "same-site"},
		"the paper, old browser": {"Origin", paper, "Sec-Fetch-Site", ""},
		"a sandboxed frame":      {"Origin", "null", "Sec-Fetch-Site", "cross-site"},
	} {
		for _, path := range []string{"/desk/sign-in", "/desk/sign-out", "/desk/stories", pathOf(story) + "/spoken"} {
			if got := b.Send(path, url.Values{"story": {paper + "/other"}, "word": {"please"}}, headers...); got.StatusCode != http.StatusForbidden {
				t.Errorf("%s: %s answers %d", name, path, got.StatusCode)
			}
		}
	}
	b.Get("/desk").Want(t, http.StatusOK, "The ferry is a street") // still signed in
	b.Send("/desk/stories", url.Values{"story": {paper + "/other"}}, "Content-Type", "text/plain").Want(t, http.StatusUnsupportedMediaType)
}

func TestPagesAreNobodyElses(t *testing.T) {
	w := newWorld(t)
	w.reader("Judith Amsel", parley.RoleEditor)
	story := w.story("/ferry", "The ferry is a street")
	b := w.atDesk("Judith Amsel")
	for _, path := range []string{"/desk", pathOf(story), "/desk/sign-out"} {
		got := b.Get(path).Want(t, http.StatusOK, "noindex", "!<script")
		if got.Header.Get("Cache-Control") != "private, no-store" || !strings.HasSuffix(got.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") ||
			got.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", path, got.Header)
		}
	}
}

// TestRolesAreAskedAnew holds that a session at the desk is worth what its account is worth now.
func TestRolesAreAskedAnew(t *testing.T) {
	w := newWorld(t)
	chief := w.reader("Chief", parley.RoleAdministrator)
	editor := w.reader("Judith Amsel", parley.RoleEditor)
	b := w.atDesk("Judith Amsel")
	by := parley.Viewer{Site: w.f.Site.ID, Reader: chief.ID, Roles: chief.Roles, Desk: true}
	if err := w.f.Identity.GiveRoles(t.Context(), by, editor.ID, 0); err != nil {
		t.Fatal(err)
	}
	if got := b.Get("/desk"); got.StatusCode == http.StatusOK {
		t.Errorf("the desk stays open:\n%s", got.Body)
	}
	// An administrator is let in and finds a clear sentence.
	w.atDesk("Chief").Get("/desk").Want(t, http.StatusForbidden, "These pages are for editors and moderators", "Sign out")
	w.atDesk("Chief").Send("/desk/stories", url.Values{"story": {paper + "/other"}}).Want(t, http.StatusForbidden, "These pages are for editors and moderators")
}

func TestIndex(t *testing.T) {
	w := newWorld(t)
	w.reader("Ruben Tollack", parley.RoleModerator)
	b := w.atDesk("Ruben Tollack")
	b.Get("/desk").Want(t, http.StatusOK, "There are no stories yet.")
	for i := range storiesShown + 3 {
		w.story(fmt.Sprintf("/%02d", i), fmt.Sprintf("Story number %02d", i))
	}
	page := b.Get("/desk").Want(t, http.StatusOK, "Story number 52", "Story number 03", "!Story number 02", paper+"/52")
	if strings.Index(page.Body, "number 52") > strings.Index(page.Body, "number 51") {
		t.Error("the newest does not come first")
	}
	_, after, _ := strings.Cut(page.Body, `<p class="beyond"><a href="`)
	older, _, _ := strings.Cut(after, `"`)
	b.Get(older).Want(t, http.StatusOK, "Story number 02", "Story number 00", "!Story number 03", "!Older stories")
	b.Get("/desk?cursor=nonsense").Want(t, http.StatusBadRequest)
	b.Get("/desk/stories/12").Want(t, http.StatusNotFound)
	b.Get("/desk/stories").Want(t, http.StatusMethodNotAllowed)
}

// TestFindAndBegin looks for a page by its address and begins its conversation.
func TestFindAndBegin(t *testing.T) {
	w := newWorld(t)
	w.reader("Judith Amsel", parley.RoleEditor)
	w.story("/ferry", "The ferry is a street")
	b := w.atDesk("Judith Amsel")
	find := func(address string) webtest.Answer {
		return b.Get("/desk?" + url.Values{"story": {address}}.Encode())
	}
	b.Follow(find(paper+"/ferry#part")).Want(t, http.StatusOK, "The ferry is a street")
	find("https://evil.example/x").Want(t, http.StatusBadRequest, "The story must be an address on this site.", `aria-invalid="true"`, "!Begin its conversation")

	form := find(paper+"/unwritten").Want(t, http.StatusOK, "Nobody has written under this page yet").Form(t, "Begin its conversation")
	b.Follow(b.Submit(form, "title", "Who may close a street?")).Want(t, http.StatusOK, "Who may close a street?", paper+"/unwritten")
	b.Follow(b.Submit(form, "title", "Another headline")).Want(t, http.StatusOK, "Who may close a street?", "!Another headline")
	b.Send("/desk/stories", url.Values{"story": {"https://evil.example/x"}, "title": {"Kept words"}}).Want(t, http.StatusBadRequest, "The story must be an address on this site.")
}

func TestSections(t *testing.T) {
	w := newWorldWith(t, spoken)
	w.reader("Judith Amsel", parley.RoleEditor)
	w.reader("Ruben Tollack", parley.RoleModerator)
	story, silent := w.story("/ferry", "The ferry is a street"), w.story("/silent", "Silent")
	b := w.atDesk("Judith Amsel")
	page := b.Get(pathOf(story)).Want(t, http.StatusOK, `<section id="spoken"`, "Words for it", `value="of The ferry is a street"`)
	form := page.Form(t, "Say it")

	refused := b.Submit(form, "word", "now").Want(t, http.StatusBadRequest, "Say please, Judith Amsel.", `value="now"`, `aria-invalid="true"`, `role="alert"`)
	got := b.Submit(refused.Form(t, "Say it"), "word", "please")
	if to := got.Header.Get("Location"); to != w.base+pathOf(story)+"?done=spoken.said#spoken" {
		t.Errorf("the form leads to %s", to)
	}
	b.Follow(got).Want(t, http.StatusOK, "It has been said.", `role="status"`)
	b.Get(pathOf(story)+"?done=spoken.other").Want(t, http.StatusOK, `!role="status"`)

	b.Get(pathOf(silent)).Want(t, http.StatusOK, "!Words for it")
	b.Send(pathOf(story)+"/nothing", url.Values{"word": {"please"}}).Want(t, http.StatusNotFound)
	b.Send("/desk/stories/12/spoken", url.Values{"word": {"please"}}).Want(t, http.StatusNotFound)

	// Whoever lacks the role neither finds the section nor gets its form through.
	b = w.atDesk("Ruben Tollack")
	b.Get(pathOf(story)).Want(t, http.StatusOK, "!Words for it")
	b.Send(pathOf(story)+"/spoken", url.Values{"word": {"please"}}).Want(t, http.StatusNotFound)
}

// TestFormsSurviveSigningOut sends a form whose session has ended meanwhile.
func TestFormsSurviveSigningOut(t *testing.T) {
	w := newWorldWith(t, spoken)
	editor := w.reader("Judith Amsel", parley.RoleEditor)
	story := w.story("/ferry", "The ferry is a street")
	b := w.atDesk("Judith Amsel")
	form := b.Get(pathOf(story)).Form(t, "Say it")
	if err := w.f.Identity.SignOutEverywhere(t.Context(), editor); err != nil {
		t.Fatal(err)
	}
	again := b.Submit(form, "word", `"please" & <more>`).Want(t, http.StatusUnauthorized, "You have been signed out.").Form(t, "current-password")
	again = b.Submit(again, "email", address("Judith Amsel"), "password", "not the password").Want(t, http.StatusUnauthorized).Form(t, "current-password")
	again = b.Submit(again, "password", password).Want(t, http.StatusOK, "You are signed in, Judith Amsel.", "It has not been done yet.").Form(t, "Send it again")
	if again.Action != w.base+pathOf(story)+"/spoken" || again.Fields.Get("word") != `"please" & <more>` {
		t.Errorf("what comes back is %+v", again)
	}
	b.Submit(again).Want(t, http.StatusBadRequest, "Say please")
	b.Follow(b.Submit(again, "word", "please")).Want(t, http.StatusOK, "It has been said.")
}

func TestNoWayLeadsAway(t *testing.T) {
	for _, away := range []string{"https://evil.example", "//evil.example/desk", `/desk\evil`, "/account", "/desk/../account", "/desk/sign-out", "/deskx", ""} {
		if to := ownPath(away); to != "/desk" {
			t.Errorf("%q leads to %q", away, to)
		}
	}
	for _, own := range []string{"/desk", "/desk?cursor=x", "/desk/stories/12", "/desk/stories/12/question", "/desk/stories"} {
		if to := ownPath(own); to != own {
			t.Errorf("%q leads to %q", own, to)
		}
	}
}
