package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// top is how far below the window's top a comment stands, in px.
func (tb *tab) top(id string) float64 {
	tb.t.Helper()
	return eval[float64](tb, "parleyEyes.one("+quote("li[data-id='"+id+"']")+").getBoundingClientRect().top")
}

// TestPagingKeepsThePlace: the pager says how much there is; orders differ; whoever follows a link and comes back finds
// order, threads and place again.
func TestPagingKeepsThePlace(t *testing.T) {
	d := startDemo(t)
	tb := visit(t, browser(t), "reader").open(d.forum + warPiece)
	tb.sees("25 of 88 threads")
	first := func() string { return eval[string](tb, "parleyEyes.one('[data-list] > li').dataset.id") }
	seen := map[string]string{}
	for _, order := range []string{"Most recommended", "Oldest"} {
		before := first()
		tb.click(order)
		tb.until(order, "parleyEyes.one('a[aria-current]', "+quote(order)+") && parleyEyes.one('[data-list] > li').dataset.id !== "+quote(before))
		seen[first()] = order
	}
	if len(seen) != 2 {
		t.Errorf("two orders begin with the same comment: %v", seen)
	}
	tb.click("Show 25 more threads")
	tb.sees("50 of 88 threads")
	tb.sees("Show 25 more threads")

	// Deep in the second page: a link away, and back.
	id := eval[string](tb, "parleyEyes.all('[data-list] > li')[40].dataset.id")
	eval[bool](tb, "parleyEyes.all('[data-list] > li')[40].scrollIntoView({block: 'start', behavior: 'instant'}), true")
	tb.until("the place kept in the history", "history.state?.parley?.pages === 2 && Math.abs(scrollY - window.lastY) < 1 || (window.lastY = scrollY, false)")
	before := tb.top(id)
	eval[bool](tb, "parleyEyes.one("+quote("li[data-id='"+id+"'] > article [data-reader]")+").click(), true")
	tb.until("the profile", "location.pathname.startsWith('/readers/')")
	eval[bool](tb, "history.back(), true")
	tb.sees("50 of 88 threads")
	tb.until("the order", "parleyEyes.one('a[aria-current]', 'Oldest')")
	tb.until("the place", "Math.abs(parleyEyes.one("+quote("li[data-id='"+id+"']")+").getBoundingClientRect().top - "+fmt.Sprint(before)+") < 60")

	// The back button goes through the orders, too.
	tb.do(chromedp.Navigate(d.forum + warPiece))
	tb.click("Oldest")
	tb.until("the oldest", "parleyEyes.one('a[aria-current]', 'Oldest')")
	eval[bool](tb, "history.back(), true")
	tb.until("the newest", "parleyEyes.one('a[aria-current]', 'Newest')")
}

// TestPermalinks: the link of a comment opens its thread, at the comment and with the comment marked, on a page of its own
// and on a foreign page; deep replies stand on the third level and say whom they answer.
func TestPermalinks(t *testing.T) {
	d := startDemo(t)
	reader := visit(t, browser(t), "reader")
	tb := reader.open(d.forum + warPiece)
	tb.until("a reply on the third level that says whom it answers", "parleyEyes.one('li[data-level=\"3\"] a.to', 'n reply to')")
	if deeper := eval[int](tb, "parleyEyes.all('li li li li').length"); deeper > 0 {
		t.Errorf("%d comments stand on a fourth level", deeper)
	}
	link := eval[string](tb, "parleyEyes.one('li[data-level=\"3\"] [data-permalink]').href")
	page := reader.open(link)
	page.until("the marked comment", "parleyEyes.one('li.target[data-level=\"3\"]')")
	page.until("the focus on it", "document.activeElement.closest('li')?.classList.contains('target')")
	page.until("it in the window", "(() => { const box = parleyEyes.one('li.target').getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight })()")
	page.until("the thread it stands in", "parleyEyes.one('li[data-level=\"1\"] li.target')")
	page.click("See the whole conversation")
	page.sees("25 of 88 threads")

	letter := reader.open(d.letters + "/ferry")
	letter.near()
	letter.until("the conversation", "parleyEyes.one('li[data-id]')")
	id := eval[string](letter, "parleyEyes.all('li[data-id]').at(-1).dataset.id")
	linked := reader.open(d.letters + "/ferry#parley-c-" + id)
	linked.until("the marked comment", "parleyEyes.one("+quote("li.target[data-id='"+id+"']")+")")
	linked.until("it in the window", "(() => { const box = parleyEyes.one('li.target').getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight })()")
}
