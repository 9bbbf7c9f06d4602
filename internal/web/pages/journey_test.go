package pages_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
	"parley/internal/web"
)

// form is a form as it stands on a page.
type form struct {
	action string
	fields url.Values
}

var (
	formTag   = regexp.MustCompile(`(?s)<form[^>]* action="([^"]*)"[^>]*>(.*?)</form>`)
	inputTag  = regexp.MustCompile(`<input[^>]*>`)
	areaTag   = regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>`)
	attribute = regexp.MustCompile(` (name|value|type)="([^"]*)"`)
)

// form finds the form that has a button or field with this text, and reads what a browser would send with it.
func (a answer) form(t testing.TB, has string) form {
	t.Helper()
	for _, found := range formTag.FindAllStringSubmatch(a.body, -1) {
		if !strings.Contains(found[2], has) {
			continue
		}
		f := form{html.UnescapeString(found[1]), url.Values{}}
		for _, input := range inputTag.FindAllString(found[2], -1) {
			at := map[string]string{}
			for _, pair := range attribute.FindAllStringSubmatch(input, -1) {
				at[pair[1]] = html.UnescapeString(pair[2])
			}
			if at["type"] != "radio" {
				f.fields.Set(at["name"], at["value"])
			}
		}
		for _, area := range areaTag.FindAllStringSubmatch(found[2], -1) {
			f.fields.Set(area[1], html.UnescapeString(area[2]))
		}
		return f
	}
	t.Fatalf("no form with %q on %s:\n%s", has, a.Request.URL, clip(a.body))
	return form{}
}

// submit sends a form with some fields filled in.
func (b *browser) submit(f form, fill ...string) answer {
	b.Helper()
	for i := 0; i < len(fill); i += 2 {
		f.fields.Set(fill[i], fill[i+1])
	}
	return b.send(f.action, f.fields)
}

// follow goes where a redirect leads.
func (b *browser) follow(a answer, status int) answer {
	b.Helper()
	if a.StatusCode != status {
		b.Fatalf("%s answers %d, want %d:\n%s", a.Request.URL, a.StatusCode, status, clip(a.body))
	}
	to := a.Header.Get("Location")
	if !strings.HasPrefix(to, b.base+"/") {
		b.Fatalf("%s leads away: %s", a.Request.URL, to)
	}
	return b.get(to)
}

// signIn signs a reader made by world.reader in, by the form.
func (b *browser) signIn(name string) *browser {
	b.Helper()
	f := b.get("/account/sign-in").form(b, "current-password")
	b.submit(f, "email", address(name), "password", password).want(b, http.StatusSeeOther)
	return b
}

// TestUnsentCommentSurvivesRegistering is the whole way of a reader without a script.
func TestUnsentCommentSurvivesRegistering(t *testing.T) {
	w := newWorld(t)
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("The ferry is a street")
	root := w.post(ilse, story.ID, 0, "A pavement loses money too.")
	b := w.browser()
	const words = "Who counts *feet* on a \"pavement\" & why?\r\n\r\nI do not."

	page := b.get("/s/"+story.ID.String()+"/write?parent="+root.ID.String()).want(t, http.StatusOK, "Reply to Ilse Marrow", "A pavement loses money too.", "!Posting as")
	page = b.submit(page.form(t, "Register and go on"), "body", words, "do", "register").want(t, http.StatusOK, "Join our commenting forum", "Your comment is kept")
	registration := page.form(t, "new-password")
	page = b.submit(registration, "email", "tobias@example.org", "name", "Tobias Renn", "password", "short").
		want(t, http.StatusBadRequest, `value="tobias@example.org"`, `value="Tobias Renn"`, "at least 15 characters", "!short")
	page = b.submit(page.form(t, "new-password"), "password", password).want(t, http.StatusOK, "Thank you for registering, Tobias Renn.", "!"+password)
	again := b.submit(registration, "email", "tobias@example.org", "name", "Tobias Renn", "password", password)
	again.want(t, http.StatusOK, "Thank you for registering, Tobias Renn.") // the page reloaded

	posting := page.form(t, "Post</button>")
	if posting.fields.Get("body") != words {
		t.Errorf("the comment came back as %q", posting.fields.Get("body"))
	}
	answered := b.submit(posting, "do", "post")
	permalink := b.follow(answered, http.StatusSeeOther).want(t, http.StatusOK, "Who counts <em>feet</em> on a", "Tobias Renn", `class="target"`)
	if !strings.Contains(permalink.Request.URL.RawQuery, "rev=") {
		t.Error("the page of the new comment may be older than the comment")
	}
	twice := b.submit(posting, "do", "post")
	if twice.Header.Get("Location") != answered.Header.Get("Location") {
		t.Errorf("the form sent twice leads to %s and %s", answered.Header.Get("Location"), twice.Header.Get("Location"))
	}
	b.submit(posting, "do", "post", "body", "Other words.").want(t, http.StatusUnprocessableEntity, "earlier form of this comment", "Other words.")
	b.get("/account/bar").want(t, http.StatusOK, "Tobias Renn", "Refresh the page")
}

func TestUnsentCommentSurvivesSigningIn(t *testing.T) {
	w := newWorld(t)
	w.reader("Ilse Marrow")
	b := w.browser()
	page := b.get("/s/new/write?story=https%3A%2F%2Fnews.example%2Fsomewhere").want(t, http.StatusOK)
	page = b.submit(page.form(t, "Register and go on"), "body", "First here.", "do", "register").want(t, http.StatusOK)
	page = b.submit(page.form(t, "I have an account already"), "do", "show").want(t, http.StatusOK, "Your comment is kept")
	page = b.submit(page.form(t, "current-password"), "email", address("Ilse Marrow"), "password", "not the password").
		want(t, http.StatusUnauthorized, "No account fits", address("Ilse Marrow"))
	page = b.submit(page.form(t, "current-password"), "password", password).want(t, http.StatusOK, "You are signed in, Ilse Marrow.")
	b.follow(b.submit(page.form(t, "Post</button>"), "do", "post"), http.StatusSeeOther).want(t, http.StatusOK, "First here.", "https://news.example/somewhere")
}

func TestRefusedWritingKeepsTheText(t *testing.T) {
	w := newWorld(t)
	ilse := w.reader("Ilse Marrow")
	tobias := w.reader("Tobias Renn")
	story := w.foreign("The ferry is a street")
	gone := w.post(ilse, story.ID, 0, "I take this back.")
	if _, err := w.f.Conversation.Withdraw(t.Context(), ilse, gone.ID); err != nil {
		t.Fatal(err)
	}
	b := w.browser().signIn("Tobias Renn")
	write := "/s/" + story.ID.String() + "/write"
	long := strings.Repeat("a", parley.MaxBody+1)
	for _, tt := range []struct {
		path, body string
		status     int
		says       string
	}{
		{write, "", http.StatusBadRequest, "notice err"},
		{write, long, http.StatusBadRequest, long},
		{write, strings.Repeat("*a**", 25_000), http.StatusBadRequest, "*a***a**"},
		{write + "?parent=" + gone.ID.String(), "An answer.", http.StatusConflict, "An answer."},
	} {
		b.submit(b.get(tt.path).form(t, "Preview"), "do", "post", "body", tt.body).want(t, tt.status, tt.says, "notice err")
	}
	b.submit(b.get(write).form(t, "Preview"), "do", "preview", "body", "> *Quoted*").want(t, http.StatusOK, "<blockquote><p><em>Quoted</em>", "&gt; *Quoted*")
	b.send(write, url.Values{"body": {strings.Repeat("x", 300<<10)}}).want(t, http.StatusRequestEntityTooLarge)
	b.send(write, url.Values{"body": {"\xff"}}).want(t, http.StatusBadRequest)

	b.get(write+"?parent=1").want(t, http.StatusNotFound)
	other := w.foreign("Another page")
	b.get("/s/"+other.ID.String()+"/write?parent="+gone.ID.String()).want(t, http.StatusBadRequest, "belongs to another conversation")

	signedOut := b.get(write).form(t, "Preview")
	if err := w.f.Identity.SignOutEverywhere(t.Context(), tobias); err != nil {
		t.Fatal(err)
	}
	b.submit(signedOut, "do", "post", "body", "Kept words.").want(t, http.StatusUnauthorized, "Kept words.", "You have been signed out", "Sign in and go on")

	w.tx(func(tx *store.Tx) error { _, err := tx.CloseStory(story.ID, tx.Now); return err })
	b.signIn("Tobias Renn").submit(signedOut, "do", "post", "body", "Too late.").want(t, http.StatusConflict, "Too late.", "closed")
}

func TestTooFast(t *testing.T) {
	w := newWorld(t, func(f *web.Forum) { f.Limits = web.NewLimiter() })
	w.reader("Ilse Marrow")
	story := w.foreign("A page")
	b := w.browser().signIn("Ilse Marrow")
	for i := range web.PaceComment.Burst + 1 {
		got := b.send("/s/"+story.ID.String()+"/write", url.Values{"body": {strings.Repeat("Word ", i+1)}})
		if i < web.PaceComment.Burst {
			got.want(t, http.StatusSeeOther)
			continue
		}
		got.want(t, http.StatusTooManyRequests, strings.Repeat("Word ", i+1), "a little fast")
		if got.Header.Get("Retry-After") == "" {
			t.Error("it does not say when to come back")
		}
	}
}

func TestConfirming(t *testing.T) {
	w := newWorld(t, func(f *web.Forum) { f.Site.HoldUnconfirmed = true })
	b := w.browser()
	register := func(b *browser, name string) parley.Reader {
		t.Helper()
		b.submit(b.get("/account/register").form(t, "new-password"), "email", address(name), "name", name, "password", password).want(t, http.StatusOK, "Thank you for registering, "+name+".")
		var reader parley.Reader
		for _, c := range b.client.Jar.Cookies(mustParse(t, w.base)) {
			_, r, err := w.f.Identity.Who(t.Context(), c.Value)
			if err != nil {
				t.Fatal(err)
			}
			reader = r
		}
		return reader
	}
	mint := func(r parley.Reader) string {
		t.Helper()
		token, err := w.f.Identity.MintConfirmation(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	tobias := register(b, "Tobias Renn")
	link := "/account/confirm?token=" + mint(tobias)
	elsewhere := w.browser()
	for range 3 { // programs that read mail open its links
		shown := elsewhere.get(link).want(t, http.StatusOK, "This was not me", "<output>")
		if shown.Header.Get("Referrer-Policy") != "no-referrer" || shown.Header.Get("Cache-Control") != "private, no-store" {
			t.Errorf("Referrer-Policy %q, Cache-Control %q", shown.Header.Get("Referrer-Policy"), shown.Header.Get("Cache-Control"))
		}
	}
	code := regexp.MustCompile(`<output>(.*)</output>`).FindStringSubmatch(elsewhere.get(link).body)[1]
	b.get("/account").want(t, http.StatusOK, "not confirmed yet")
	b.submit(b.get("/account/confirm").form(t, `name="code"`), "do", "code", "code", "WRONG000").want(t, http.StatusForbidden, "This is not the code")
	b.follow(b.submit(b.get("/account/confirm").form(t, `name="code"`), "do", "code", "code", strings.ToLower(code)), http.StatusSeeOther).
		want(t, http.StatusOK, "Your address is confirmed.")
	elsewhere.get(link).want(t, http.StatusGone)

	second := w.browser()
	link = "/account/confirm?token=" + mint(register(second, "Hanne Quill"))
	page := second.get(link).want(t, http.StatusOK, "Yes, confirm it", "!<output>")
	// A page with Referrer-Policy: no-referrer sends its forms without an origin.
	confirm := page.form(t, "Yes, confirm it")
	confirm.fields.Set("do", "confirm")
	sent := second.send(confirm.action, confirm.fields, "Origin", "null")
	if second.follow(sent, http.StatusSeeOther).want(t, http.StatusOK, "confirmed"); sent.Header.Get("Set-Cookie") == "" || !strings.Contains(sent.Header.Get("Set-Cookie"), "Max-Age=") {
		t.Errorf("the cookie still ends with the browser: %q", sent.Header.Get("Set-Cookie"))
	}
	second.submit(confirm).want(t, http.StatusGone)

	third := w.browser()
	link = "/account/confirm?token=" + mint(register(third, "Dirk Vane"))
	elsewhere.submit(elsewhere.get(link).form(t, "This was not me"), "do", "disown").want(t, http.StatusOK, "Thank you")
	third.get("/account").want(t, http.StatusSeeOther)
}

func mustParse(t testing.TB, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestHeldComment(t *testing.T) {
	w := newWorld(t, func(f *web.Forum) { f.Site.HoldUnconfirmed = true })
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("A page")
	held := w.tilt(ilse, story, parley.Held)
	b := w.browser().signIn("Ilse Marrow")
	b.get("/c/"+held.ID.String()+"/act?done=held").want(t, http.StatusOK, "Your comment waits to be published", "Waiting words.")
	w.browser().get("/c/"+held.ID.String()+"/act").want(t, http.StatusNotFound)
}

func TestActs(t *testing.T) {
	w := newWorld(t)
	ilse, tobias := w.reader("Ilse Marrow"), w.reader("Tobias Renn")
	story := w.foreign("The ferry is a street")
	root := w.post(ilse, story.ID, 0, "A pavement loses money too.")
	act := "/c/" + root.ID.String() + "/act"
	w.browser().get(act).want(t, http.StatusOK, "A pavement loses", "next=%2fc%2f"+root.ID.String()+"%2fact", "!<button")
	b := w.browser().signIn("Tobias Renn")
	press := func(path, do string, fill ...string) answer {
		t.Helper()
		return b.submit(b.get(path).form(t, `value="`+do+`"`), append([]string{"do", do}, fill...)...)
	}
	b.follow(press(act, "recommend"), http.StatusSeeOther).want(t, http.StatusOK, "You recommend this comment.", "Recommended by 1 reader", "Take back")
	b.follow(press(act, "unrecommend"), http.StatusSeeOther).want(t, http.StatusOK, "You no longer recommend", "!Recommended by")
	press(act, "report", "reason", "", "note", "Look at this.").want(t, http.StatusBadRequest, "Look at this.", "choose one of the listed")
	b.follow(press(act, "report", "reason", "spam", "note", "Look at this."), http.StatusSeeOther).want(t, http.StatusOK, "A moderator will look at it.")
	b.follow(press(act, "follow-reader"), http.StatusSeeOther).want(t, http.StatusOK, "You follow this reader now.", "Stop following Ilse Marrow")
	b.follow(press(act, "follow-thread"), http.StatusSeeOther).want(t, http.StatusOK, "Stop following this thread")
	b.follow(press("/s/"+story.ID.String()+"/follow", "follow-story"), http.StatusSeeOther).want(t, http.StatusOK, "You follow this conversation now.")
	b.get("/account").want(t, http.StatusOK, "Ilse Marrow", "The ferry is a street", "Nobody follows you yet.")

	w.post(ilse, story.ID, root.ID, "And so does a bridge.")
	b.get("/following").want(t, http.StatusOK, "And so does a bridge.", "A pavement loses money too.")
	b.get("/notices").want(t, http.StatusOK, "wrote 1 new comment in", "1 new reply", "1 new comment", `class="unseen"`)
	b.get("/notices").want(t, http.StatusOK, `class="unseen"`) // opening marks nothing
	b.follow(b.submit(b.get("/notices").form(t, "Mark all as seen")), http.StatusSeeOther).want(t, http.StatusOK, `!class="unseen"`, "wrote 1 new comment in")

	b.follow(press(act, "mute"), http.StatusSeeOther).want(t, http.StatusOK, "Unmute Ilse Marrow")
	b.get("/following").want(t, http.StatusOK, "!bridge")
	b.follow(press("/readers/"+ilse.ID.String()+"/act", "unmute"), http.StatusSeeOther).want(t, http.StatusOK, "You see again")
	page := press(act, "block").want(t, http.StatusOK, "Block Ilse Marrow?")
	page = b.follow(b.submit(page.form(t, `name="sure"`), "do", "block"), http.StatusSeeOther).want(t, http.StatusOK, "You have blocked", "End the block")
	b.get(act).want(t, http.StatusNotFound)
	b.get("/account").want(t, http.StatusOK, "You follow no readers.", "Unblock")
	b.follow(b.submit(page.form(t, "End the block"), "do", "unblock"), http.StatusSeeOther).want(t, http.StatusOK, "ended the block")

	own := w.post(tobias, story.ID, root.ID, "My own words.")
	act = "/c/" + own.ID.String() + "/act"
	b.get(act).want(t, http.StatusOK, "!Report it", `!value="recommend"`, "My own words.")
	press(act, "edit", "body", "").want(t, http.StatusBadRequest)
	b.follow(press(act, "edit", "body", "My better words."), http.StatusSeeOther).want(t, http.StatusOK, "My better words.", "Edited")
	page = press(act, "withdraw").want(t, http.StatusOK, "Withdraw this comment?", "cannot be undone")
	b.follow(b.submit(page.form(t, `name="sure"`), "do", "withdraw"), http.StatusSeeOther).want(t, http.StatusOK, "Withdrawn by its author.", "!better words")
	w.clock.Advance(2 * parley.EditWindow)
	late := w.post(tobias, story.ID, root.ID, "Later words.")
	w.clock.Advance(2 * parley.EditWindow)
	b.get("/c/"+late.ID.String()+"/act").want(t, http.StatusOK, "!Change it", "Withdraw")
	b.send("/c/"+late.ID.String()+"/act", url.Values{"do": {"edit"}, "body": {"Changed."}}).want(t, http.StatusForbidden, "for 5 minutes")
	b.send(act, url.Values{"do": {"made-up"}}).want(t, http.StatusBadRequest)
}

func TestHiddenProfile(t *testing.T) {
	w := newWorld(t)
	ilse := w.reader("Ilse Marrow")
	story := w.foreign("A page")
	w.post(ilse, story.ID, 0, "Words of mine.")
	profile := "/readers/" + ilse.ID.String()
	b := w.browser().signIn("Ilse Marrow")
	w.browser().get(profile).want(t, http.StatusOK, "Words of mine.", "1 comment", `<parley-follow kind="reader"`, "!noindex", "!@example.org")
	b.follow(b.submit(b.get("/account").form(t, "Hide your profile"), "do", "hide"), http.StatusSeeOther).want(t, http.StatusOK, "Your profile is hidden.")
	eventually(t, func() bool { return strings.Contains(w.browser().get(profile).body, "profile is hidden") })
	w.browser().get(profile).want(t, http.StatusOK, "noindex", "!Words of mine.", "!<parley-follow", "!1 comment")
}

// eventually waits until a shared page that belongs to no one story has been made again.
func eventually(t testing.TB, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatal("it did not come true within ten seconds")
}
