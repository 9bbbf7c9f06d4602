package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// shifts adds up how far the page has moved without the reader's doing (Layout Instability, CLS).
const shifts = `window.parleyShift = 0; new PerformanceObserver((list) => {
	for (const one of list.getEntries()) if (!one.hadRecentInput) parleyShift += one.value;
}).observe({type: "layout-shift", buffered: true}); true`

// far puts the server 120 ms away, on a line of 3 Mbit/s, so that everything arrives piece by piece.
func far() step {
	return chromedp.Steps(command(network.Enable, network.EnableParams{}),
		command(network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Latency: 120, DownloadThroughput: 400_000, UploadThroughput: 200_000}},
		}))
}

// TestNothingShifts: on a slow line neither the article nor the conversation moves while it loads, whether the reader is
// signed in or not, on a desk and on a phone, at the top and at the conversation, on the forum's pages and on others.
func TestNothingShifts(t *testing.T) {
	d := startDemo(t)
	root := browser(t)
	stranger, member := visit(t, root, "stranger"), visit(t, root, "member")
	tb := member.open(d.forum + libraryPiece)
	tb.signIn("Nadia Orrin", "nadia.orrin@example.com", "tea on the long quay")
	letter := member.open(d.letters + "/ferry")
	letter.near()
	letter.signedIn("Nadia Orrin")

	for who, reader := range map[string]*person{"signed out": stranger, "signed in": member} {
		for _, width := range []int64{1280, 390} {
			for name, address := range map[string]string{
				"article": d.forum + warPiece, "conversation": d.forum + warPiece + "#parley-h", "foreign page": d.letters + "/ferry",
			} {
				t.Run(fmt.Sprintf("%s/%d/%s", who, width, name), func(t *testing.T) {
					tb := (&person{t: t, root: reader.root, ctx: reader.ctx, name: who}).open("about:blank", far(), chromedp.EmulateViewport(width, 900))
					tb.do(chromedp.Navigate(address))
					eval[bool](tb, shifts)
					if name == "foreign page" {
						tb.near()
					}
					if reader == member {
						tb.signedIn("Nadia Orrin")
					}
					tb.until("the composer", "parleyEyes.one('form.compose') && parleyEyes.one('[data-list] li')")
					// Two frames later whatever was to move has moved.
					eval[bool](tb, "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100)))).then(() => true)")
					if moved := eval[float64](tb, "parleyShift"); moved > 0.01 {
						t.Errorf("the page moves by %.3f while it loads", moved)
					}
				})
			}
		}
	}
}
