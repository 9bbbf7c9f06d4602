package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

const (
	warPiece       = "/articles/how-does-the-tessel-war-end"
	ceasefirePiece = "/articles/will-the-lindmark-ceasefire-hold-until-spring"
	libraryPiece   = "/articles/the-library-should-stay-open-at-night"
)

// register fills in and sends the form that the invitation opens.
func (tb *tab) register(name, email string) {
	tb.t.Helper()
	tb.until("the script's own invitation", "parleyEyes.one('form.compose')") // before it, a link leads to a page
	tb.click("Register", "parley-conversation")
	tb.fill("E-mail", email)
	tb.fill("Name", name)
	tb.fill("Password", "four words and a ferry")
	tb.click("Register", "dialog form .bar")
}

// TestRegisterSignsInEverywhere: a reader registers in one tab with an unsent comment, is thanked, and is signed in in
// three other tabs, one of them a foreign page on another host of the same site, without a reload. Signing out
// in one signs out in all.
func TestRegisterSignsInEverywhere(t *testing.T) {
	d := startDemo(t)
	reader := visit(t, browser(t), "reader")
	others := map[string]*tab{
		"another article":    reader.open(d.forum + libraryPiece),
		"the index":          reader.open(d.forum + "/"),
		"the foreign page":   reader.open(d.letters + "/"),
		"the foreign letter": reader.open(d.letters + "/ferry"),
	}
	here := reader.open(d.forum + warPiece)
	here.sees("Join our commenting forum")
	others["the foreign letter"].until("the conversation", "parleyEyes.one('.conversation [data-list]')")
	others["the foreign letter"].leave() // for another tab, as the tests' tabs never do by themselves
	for _, tb := range others {
		tb.mark()
	}
	here.mark()
	const draft = "The dam is the only place where both sides still keep a timetable."
	here.write("parley-conversation", draft)
	here.register("Ottilie Brandt", "ottilie@example.com")
	begun := time.Now()
	here.sees("Thank you for registering, Ottilie Brandt")
	for name, tb := range others {
		if name == "the foreign page" {
			continue // an index of letters: it has counts, no conversation
		}
		tb.signedIn("Ottilie Brandt")
		t.Logf("signed in at %s after %v", name, time.Since(begun))
		if !tb.unmoved() {
			t.Errorf("%s was reloaded", name)
		}
	}
	if kept := eval[string](here, "parleyEyes.one('textarea','','parley-conversation').value"); kept != draft {
		t.Errorf("the unsent comment is now %q", kept)
	}
	here.click("Post", "form")
	here.sees(draft)

	others["the index"].click("Sign out")
	begun = time.Now()
	for _, tb := range []*tab{here, others["another article"], others["the foreign letter"]} {
		tb.signedOut("Ottilie Brandt")
		if !tb.unmoved() {
			t.Errorf("%s was reloaded", tb.name)
		}
	}
	t.Logf("signed out everywhere after %v", time.Since(begun))
}

// who finds where a page says who is signed in: in its header, or above the conversation.
func who(name string) string {
	return "parleyEyes.one('parley-account,[data-tools]', " + quote(name) + ")"
}

func (tb *tab) signedIn(name string) time.Duration {
	tb.t.Helper()
	return tb.until(name+" to be signed in", who(name))
}

func (tb *tab) signedOut(name string) {
	tb.t.Helper()
	tb.until(name+" to be signed out", "!"+who(name))
}

// TestSignInMatrix: once signed in, a reader is signed in after a refresh, on the next page, after going back to a page
// that the browser kept frozen, and on a page whose bytes came out of a cache that knows nobody.
func TestSignInMatrix(t *testing.T) {
	d := startDemo(t)
	reader := visit(t, browser(t), "reader")
	here := reader.open(d.forum + warPiece)
	here.register("Caspar Lund", "caspar@example.com")
	here.sees("Thank you for registering, Caspar Lund")

	here.do(chromedp.Reload())
	here.signedIn("Caspar Lund")

	here.do(chromedp.Navigate(d.forum + libraryPiece))
	here.signedIn("Caspar Lund")

	here.mark()
	here.do(chromedp.Navigate(d.forum + "/"))
	here.signedIn("Caspar Lund")
	other := reader.open(d.forum + "/")
	other.click("Sign out")
	here.signedOut("Caspar Lund")
	eval[bool](here, "history.back(), true")
	here.until("the article", "location.pathname === "+quote(libraryPiece))
	here.signedOut("Caspar Lund")
	t.Logf("the page that was gone back to had been frozen: %v", here.unmoved())

	other.click("Sign in")
	other.fill("E-mail", "nadia.orrin@example.com")
	other.fill("Password", "tea on the long quay")
	other.click("Sign in", "form")
	other.signedIn("Nadia Orrin")
	here.signedIn("Nadia Orrin")

	kept := shared(t, d.plain+warPiece)
	if strings.Contains(string(kept), "Caspar Lund") {
		t.Error("a shared page names a reader who never wrote")
	}
	stale := reader.open(d.forum+warPiece, cached(t, d.forum+warPiece, kept))
	stale.signedIn("Nadia Orrin")
}

// TestForeignPopup: on a foreign page signing in happens in a window of the forum, and the page that opened it is signed in
// without a reload.
func TestForeignPopup(t *testing.T) {
	d := startDemo(t)
	reader := visit(t, browser(t), "reader")
	letter := reader.open(d.letters + "/bench")
	letter.mark()
	letter.near()
	letter.write("parley-conversation", "Is anybody here?")
	popup := letter.popup(func() { letter.click("Sign in", "parley-conversation") })
	popup.fill("E-mail", "nadia.orrin@example.com")
	popup.fill("Password", "tea on the long quay")
	popup.click("Sign in", "form")
	letter.signedIn("Nadia Orrin")
	if !letter.unmoved() {
		t.Error("the page was reloaded")
	}
	letter.click("Post", "form")
	letter.sees("Is anybody here?")
	letter.do(chromedp.Reload())
	letter.near()
	letter.sees("Is anybody here?")
}
