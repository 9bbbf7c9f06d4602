package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// focus is an expression for the element that has the focus, through shadow roots.
const focus = "(() => { let n = document.activeElement; while (n?.shadowRoot?.activeElement) n = n.shadowRoot.activeElement; return n })()"

// keys types, or presses keys of package kb.
func (tb *tab) keys(keys string, modifiers ...chromedp.Modifier) {
	tb.t.Helper()
	tb.do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(modifiers...)))
}

// focusOn waits until the focus is on something that says text, or has it as its label.
func (tb *tab) focusOn(text string) {
	tb.t.Helper()
	tb.until("the focus on "+text, "("+focus+".labels?.[0] ?? "+focus+").textContent.includes("+quote(text)+")")
}

// seesFocus fails unless the focus can be seen: by an outline, or by the frame of a field.
func (tb *tab) seesFocus() {
	tb.t.Helper()
	if !eval[bool](tb, `(() => { const n = `+focus+`, drawn = (one) => { const s = getComputedStyle(one); return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none" };
		return drawn(n) || !!n.closest(".field") && drawn(n.closest(".field")) })()`) {
		tb.t.Errorf("%s: the focus cannot be seen on %s", tb.name, eval[string](tb, focus+".outerHTML.slice(0, 160)"))
	}
}

// tabTo presses Tab until the focus is on something that says text, and fails where the focus cannot be seen.
func (tb *tab) tabTo(text string, modifiers ...chromedp.Modifier) {
	tb.t.Helper()
	for range 60 {
		tb.keys(kb.Tab, modifiers...)
		tb.seesFocus()
		if strings.Contains(eval[string](tb, focus+".textContent"), text) {
			return
		}
	}
	tb.t.Fatalf("%s: sixty steps do not lead to %q", tb.name, text)
}

// TestKeyboardOnly: without a mouse one skips to the conversation, registers, posts, leaves and sends a reply, uses a menu
// and a dialog, which give the focus back, sorts and pages.
func TestKeyboardOnly(t *testing.T) {
	d := startDemo(t)
	tb := visit(t, browser(t), "reader").open(d.forum + warPiece)
	tb.until("the conversation", "parleyEyes.one('form.compose')")
	tb.tabTo("Skip to the article")
	tb.tabTo("Skip to the conversation")
	tb.keys(kb.Enter)
	tb.until("the jump", "location.hash === '#parley-h'")

	// Escape leaves the dialog and gives the focus back; then it is filled in.
	tb.tabTo("Register")
	tb.keys(kb.Enter)
	tb.focusOn("E-mail")
	tb.keys(kb.Escape)
	tb.until("the dialog to go", "!parleyEyes.one('dialog')")
	tb.tabTo("Register", chromedp.ModifierShift)
	tb.keys(kb.Enter)
	tb.focusOn("E-mail")
	for i, text := range []string{"kay@example.com", "Kay Board", "four words and a ferry"} {
		if i > 0 {
			tb.keys(kb.Tab)
		}
		tb.seesFocus()
		tb.keys(text)
	}
	tb.keys(kb.Enter)
	tb.sees("Thank you for registering, Kay Board")
	tb.focusOn("Your comment")

	// Typing, posting with Control and Enter: the focus goes to the comment.
	tb.keys("Keys alone wrote this.")
	tb.keys(kb.Enter, chromedp.ModifierCtrl)
	tb.until("the focus on the comment", focus+".matches('article') && "+focus+".textContent.includes('Keys alone wrote this.')")
	tb.tabTo("Reply")
	tb.keys(kb.Enter)
	tb.focusOn("Your reply")
	tb.keys("And this too.")
	tb.keys(kb.Escape)
	tb.focusOn("Keep writing")
	tb.keys(kb.Enter)
	tb.focusOn("Your reply")
	tb.keys(kb.Enter, chromedp.ModifierCtrl)
	tb.until("the focus on the reply", focus+".matches('article') && "+focus+".textContent.includes('And this too.')")

	// The next comment is somebody else's: its menu opens on the first entry, goes round, and leads to the report.
	tb.tabTo("More actions for the comment by Kay Board")
	tb.tabTo("More actions")
	tb.keys(kb.Enter)
	tb.focusOn("Copy link")
	tb.keys(kb.ArrowUp)
	tb.focusOn("Report this comment")
	tb.keys(kb.Escape)
	tb.focusOn("More actions")
	tb.keys(kb.Enter)
	tb.focusOn("Copy link")
	tb.keys(kb.End)
	tb.keys(kb.Enter)
	tb.focusOn("It insults or threatens somebody")
	tb.keys(" ")
	tb.tabTo("Report")
	tb.keys(kb.Enter)
	tb.sees("Thank you. A moderator will look at it.")
	tb.focusOn("More actions")

	// Sorting keeps the focus where it is; paging, reached from the end of the page, gives it to the first new thread.
	tb.do(chromedp.Navigate(d.forum + warPiece))
	tb.signedIn("Kay Board")
	tb.tabTo("Comments by Atom", chromedp.ModifierShift)
	tb.tabTo("Show 25 more threads", chromedp.ModifierShift)
	eval[int](tb, "window.shown = parleyEyes.all('[data-list] > li').length")
	tb.keys(kb.Enter)
	tb.until("more threads", "parleyEyes.all('[data-list] > li').length >= shown + 24")
	tb.until("the focus on the first new thread", focus+".closest('li') === parleyEyes.all('[data-list] > li')[shown]")
	eval[bool](tb, "parleyEyes.one('a[data-sort=newest]').focus(), true") // a long way back
	tb.tabTo("Oldest")
	tb.keys(kb.Enter)
	tb.until("the oldest first", "parleyEyes.one('a[data-sort=oldest][aria-current]')")
	tb.focusOn("Oldest")
}
