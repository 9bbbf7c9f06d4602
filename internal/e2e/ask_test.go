package e2e

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestPagesOfTheArgument: axe-core finds nothing on the pages of a question, of passages, changes, corrections and
// the author, and nothing is wider than the screen, down to 320 px.
func TestPagesOfTheArgument(t *testing.T) {
	axe := axeSource(t)
	d := startDemo(t)
	b := browser(t)
	reader, author := visit(t, b, "Nadia"), visit(t, b, "Ilse")
	war := reader.open(d.forum + warPiece)
	war.signIn("Nadia Orrin", "nadia.orrin@example.com", "tea on the long quay")
	asked := d.forum + "/q/" + eval[string](war, "document.querySelector('[data-question]').dataset.question")
	story := eval[string](war, `document.querySelector('a[href$="/correct"]').href.replace("/correct", "")`)
	ceasefire := reader.open(d.forum + "/articles/will-the-lindmark-ceasefire-hold-until-spring")
	settled := d.forum + "/q/" + eval[string](ceasefire, "document.querySelector('[data-question]').dataset.question")
	ilse := author.open(d.forum + warPiece)
	ilse.signIn("Ilse Marrow", "ilse.marrow@example.com", "pass me the small ones")

	for name, p := range map[string]struct {
		who     *person
		address string
	}{
		"question-open":    {reader, asked},
		"question-settled": {reader, settled},
		"question-how":     {reader, d.forum + "/q/how"},
		"answer":           {reader, asked + "/answer"},
		"answer-first":     {author, asked + "/answer"},
		"question-follow":  {reader, asked + "/follow"},
		"question-appeal":  {reader, settled + "/appeal"},
		"record":           {reader, d.forum + "/account/record"},
		"passages":         {reader, story + "/passages"},
		"changes":          {reader, story + "/changes"},
		"correct":          {reader, story + "/correct"},
		"author":           {author, story + "/author"},
	} {
		t.Run(name, func(t *testing.T) {
			page := (&person{t: t, root: p.who.root, ctx: p.who.ctx, name: name}).open(p.address, looks[0].step())
			eval[bool](page, `document.querySelectorAll("details").forEach((d) => { d.open = true }), true`)
			for _, l := range []look{looks[0], looks[3]} { // every colour and every width once: axe takes its time
				page.do(l.step())
				page.inspect(axe, fmt.Sprintf("%d px, %s", l.width, l.scheme))
				page.shoot(name + "-" + l.String())
			}
			page.do(chromedp.EmulateViewport(320, 700))
			page.until("nothing wider than 320 px", "document.documentElement.scrollWidth <= innerWidth")
		})
	}
}
