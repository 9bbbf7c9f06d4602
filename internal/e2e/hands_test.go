package e2e

import (
	"fmt"
	"strings"
	"time"
)

// sees waits until the page shows a text.
func (tb *tab) sees(text string) time.Duration {
	tb.t.Helper()
	return tb.until(fmt.Sprintf("the words %q", text), "parleyEyes.text().includes("+quote(text)+")")
}

// misses waits until the page does not show a text.
func (tb *tab) misses(text string) {
	tb.t.Helper()
	tb.until(fmt.Sprintf("the words %q to go", text), "!parleyEyes.text().includes("+quote(text)+")")
}

// click presses the first visible button or link with this text, within a part of the page if one is named.
func (tb *tab) click(text string, within ...string) {
	tb.t.Helper()
	find := fmt.Sprintf("parleyEyes.press(%s, %s)", quote(text), quote(strings.Join(within, " ")))
	tb.until(fmt.Sprintf("something to press that says %q", text), find+" && !"+find+".disabled")
	eval[bool](tb, "{const n="+find+"; n.scrollIntoView({block:'center'}); n.click(); true}")
}

// fill types into the field with this label.
func (tb *tab) fill(label, text string) {
	tb.t.Helper()
	tb.until("a field named "+label, "parleyEyes.field("+quote(label)+")")
	tb.typeInto("parleyEyes.field("+quote(label)+")", text)
}

// write types into the first visible text area of a part of the page.
func (tb *tab) write(within, text string) {
	tb.t.Helper()
	area := "parleyEyes.one('textarea', '', " + quote(within) + ")"
	tb.until("a place to write", area)
	tb.typeInto(area, text)
}

func (tb *tab) typeInto(node, text string) {
	tb.t.Helper()
	eval[bool](tb, fmt.Sprintf(`{const n=%s; n.focus(); n.value=%s; n.dispatchEvent(new InputEvent("input",{bubbles:true,composed:true})); true}`, node, quote(text)))
}

// near scrolls to the conversation, which a foreign page fetches only then, and moves, without which it brings no
// place to write.
func (tb *tab) near() {
	tb.t.Helper()
	tb.until("the conversation", `document.querySelector("parley-conversation")?.shadowRoot?.querySelector(".conversation") || (document.querySelector("parley-conversation")?.scrollIntoView(), false)`)
	tb.move()
}

// move is the least that a reader can do.
func (tb *tab) move() {
	tb.t.Helper()
	eval[bool](tb, "document.body.dispatchEvent(new PointerEvent('pointermove', {bubbles: true})), true")
}

// leave is what a page hears when its reader goes to another window.
func (tb *tab) leave() {
	tb.t.Helper()
	eval[bool](tb, "dispatchEvent(new Event('blur')), true")
}

// mark leaves a mark that a reload would take away; unmoved tells whether it is still there.
func (tb *tab) mark()         { eval[bool](tb, "window.unmoved = true") }
func (tb *tab) unmoved() bool { return eval[bool](tb, "window.unmoved === true") }

func (tb *tab) text() string {
	tb.t.Helper()
	return eval[string](tb, "parleyEyes.text()")
}
