package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// account presses a link of the head of the page once that opens a dialog: before its script, it leads to a page.
func (tb *tab) account(text string) {
	tb.t.Helper()
	tb.until("the script of the dialog", "customElements.get('parley-account')")
	tb.click(text, "parley-account")
}

// signIn signs one of the demo's accounts in by the dialog.
func (tb *tab) signIn(name, email, password string) {
	tb.t.Helper()
	tb.account("Sign in")
	tb.fill("E-mail", email)
	tb.fill("Password", password)
	tb.click("Sign in", "form")
	tb.signedIn(name)
}

// TestAnEveningOnTheForum: two readers in two browsers. One comments, the other sees it arrive and answers; one follows the
// other and finds the reply in the feed and among the notices; then a block, and signing out.
func TestAnEveningOnTheForum(t *testing.T) {
	d := startDemo(t)
	root := browser(t)
	ada, ben := visit(t, root, "Ada"), visit(t, root, "Ben")
	a, b := ada.open(d.forum+libraryPiece), ben.open(d.forum+libraryPiece)
	a.register("Ada Winter", "ada@example.com")
	a.sees("Thank you for registering, Ada Winter")
	b.register("Ben Sommer", "ben@example.com")
	b.sees("Thank you for registering, Ben Sommer")

	// Ada comments; it arrives at Ben's behind a button, and nothing on his page moves until he presses it.
	b.click("59 comments", ".by, .byline, article header, main")
	before := eval[float64](b, "parleyEyes.one('[data-list] li').getBoundingClientRect().top + scrollY")
	a.write("parley-conversation", "The reading room has the only warm radiators on Tallow Street.")
	a.click("Post", "form")
	begun := time.Now()
	a.sees("The reading room has the only warm radiators")
	b.sees("Show 1 new comment")
	t.Logf("a comment announced in the other browser after %v", time.Since(begun))
	if strings.Contains(b.text(), "warm radiators") {
		t.Error("the comment moved in by itself")
	}
	fresh := eval[float64](b, "parleyEyes.one('[data-fresh]').offsetHeight")
	if after := eval[float64](b, "parleyEyes.one('[data-list] li').getBoundingClientRect().top + scrollY"); after-before > fresh+1 {
		t.Errorf("the threads moved by %v px, the button takes %v", after-before, fresh)
	}
	b.click("Show 1 new comment")
	b.sees("The reading room has the only warm radiators")

	// Ben answers and is answered live; he recommends.
	comment := "[data-list] > li:first-child"
	b.click("Reply", comment)
	b.write(comment, "And the *quietest* clock in the city.")
	b.click("Post reply", comment)
	b.sees("And the quietest clock in the city.")
	b.click("Recommend", comment)
	b.until("the mark", "parleyEyes.one("+quote(comment+" > article [data-act=recommend][aria-pressed=true]")+")")
	a.sees("Show 1 new comment")
	a.click("Show 1 new comment")
	a.sees("And the quietest clock in the city.")
	a.until("the recommendation", "parleyEyes.one("+quote(comment+" > article [data-act=recommend]")+").textContent.includes('1')")

	// Ada follows Ben; his next reply is in her feed under the comment it answers, and a notice.
	reply := comment + " .replies li"
	a.until("the menu", "parleyEyes.one("+quote(reply+" [data-act=more]")+")")
	eval[bool](a, "parleyEyes.one("+quote(reply+" [data-act=more]")+").click(), true")
	a.click("Follow Ben Sommer")
	a.sees("You follow Ben Sommer")
	b.click("Reply", comment)
	b.write(comment, "They oil it every Sunday.")
	b.click("Post reply", comment)
	b.sees("They oil it every Sunday.")
	feed := ada.open(d.forum + "/following")
	feed.sees("They oil it every Sunday.")
	feed.sees("The reading room has the only warm radiators")
	a.until("two or more unread notices", "parleyEyes.one('parley-account', 'Notices')")
	notices := ada.open(d.forum + "/notices")
	notices.sees("They oil it every Sunday.")
	notices.sees("Ben Sommer")

	// A profile tells the name and the comments and no address.
	profile := ada.open(d.forum + "/")
	eval[bool](notices, "true")
	profile.do(chromedp.Navigate(eval[string](a, "parleyEyes.one("+quote(reply+" [data-reader]")+").href")))
	profile.sees("Ben Sommer")
	profile.sees("They oil it every Sunday.")
	profile.sees("Following")
	if strings.Contains(eval[string](profile, "document.documentElement.outerHTML"), "ben@example.com") {
		t.Error("the profile gives the address away")
	}

	// Ada blocks Ben: each is gone from the other's page and cannot answer.
	eval[bool](a, "parleyEyes.one("+quote(reply+" [data-act=more]")+").click(), true")
	a.click("Block Ben Sommer")
	a.click("Block", "dialog")
	a.misses("They oil it every Sunday.")
	b.do(chromedp.Reload())
	b.signedIn("Ben Sommer")
	b.misses("warm radiators")
	feed.do(chromedp.Reload())
	feed.misses("They oil it every Sunday.")

	a.click("Sign out")
	a.signedOut("Ada Winter")
	feed.signedOut("Ada Winter")
}

// TestDraftsSurvive: an unsent comment is there after a reload, and after the connection was lost it is sent once it is back,
// once.
func TestDraftsSurvive(t *testing.T) {
	d := startDemo(t)
	reader := visit(t, browser(t), "reader")
	tb := reader.open(d.forum + libraryPiece)
	tb.signIn("Nadia Orrin", "nadia.orrin@example.com", "tea on the long quay")
	tb.write("parley-conversation", "Typed on a train, before the tunnel.")
	tb.until("the draft to be kept", "Object.keys(localStorage).some((key) => localStorage[key].includes('before the tunnel'))")
	tb.do(chromedp.Reload())
	tb.until("the draft", "parleyEyes.one('textarea','','parley-conversation')?.value.includes('before the tunnel')")
	tb.signedIn("Nadia Orrin")
	tb.do(offline(true))
	tb.click("Post", "form")
	tb.sees("You are offline")
	tb.do(offline(false))
	tb.until("the comment", "parleyEyes.one('[data-list] li', 'before the tunnel')")
	tb.do(chromedp.Reload())
	tb.sees("before the tunnel")
	if n := eval[float64](tb, "parleyEyes.all('[data-list] .body').filter((body) => body.textContent.includes('before the tunnel')).length"); n != 1 {
		t.Errorf("the comment is there %v times", n)
	}
}
