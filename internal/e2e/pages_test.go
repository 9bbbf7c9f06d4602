package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var screenshots = flag.String("screenshots", "", "a folder to write pictures of the pages into")

// look is one way a page is looked at.
type look struct {
	width  int64
	scheme string
}

func (l look) String() string {
	return map[int64]string{1280: "desktop", 390: "phone"}[l.width] + "-" + l.scheme
}

var looks = []look{{1280, "light"}, {1280, "dark"}, {390, "light"}, {390, "dark"}}

func (l look) step() step {
	return chromedp.Steps(
		chromedp.EmulateViewport(l.width, 900),
		command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: l.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}}),
	)
}

// TestAccessible: axe-core finds nothing on article, conversation, composer, feed, profile, notices and forms, in light and
// dark, on a desk and on a phone; and nothing is wider than the screen, down to 320 px.
func TestAccessible(t *testing.T) {
	axe := axeSource(t)
	d := startDemo(t)
	reader := visit(t, browser(t), "Nadia")
	tb := reader.open(d.forum + warPiece)
	tb.signIn("Nadia Orrin", "nadia.orrin@example.com", "tea on the long quay")
	profile := eval[string](tb, "parleyEyes.one('[data-list] [data-reader]').href")
	thread := eval[string](tb, "parleyEyes.one('[data-list] [data-permalink]').href")
	story := "/s/" + eval[string](tb, "document.querySelector('section.conversation').dataset.story")
	question := "/q/" + eval[string](tb, "document.querySelector('.question').dataset.question")
	tb.do(chromedp.Navigate(d.forum + ceasefirePiece))
	settled := "/q/" + eval[string](tb, "document.querySelector('.question').dataset.question")
	for name, p := range map[string]struct {
		address string
		prepare func(*tab)
	}{
		"index":     {d.forum + "/", nil},
		"article":   {d.forum + warPiece, func(tb *tab) { tb.signedIn("Nadia Orrin") }},
		"composer":  {d.forum + libraryPiece, openComposer},
		"menu":      {d.forum + libraryPiece, openMenu},
		"permalink": {thread, nil},
		"feed":      {d.forum + "/following", nil},
		"notices":   {d.forum + "/notices", nil},
		"profile":   {profile, nil},
		"account":   {d.forum + "/account", nil},
		"register":  {d.forum + "/account/register", nil},
		"sign-in":   {d.forum + "/account/sign-in", nil},
		"passages":  {d.forum + warPiece, openPassage},
		"asked":     {d.forum + warPiece, func(tb *tab) { tb.signedIn("Nadia Orrin"); tb.unfold(); tb.until("the picture", crowd) }},
		"filtered":  {d.forum + story + "/passages", nil},
		"changes":   {d.forum + story + "/changes", nil},
		"correct":   {d.forum + story + "/correct", nil},
		"question":  {d.forum + settled, nil},
		"answer":    {d.forum + question + "/answer", nil},
		"how":       {d.forum + "/q/how", nil},
		"record":    {d.forum + "/account/record", nil},
		"foreign":   {d.letters + "/ferry", func(tb *tab) { tb.near(); tb.signedIn("Nadia Orrin") }},
	} {
		t.Run(name, func(t *testing.T) {
			page := (&person{t: t, root: reader.root, ctx: reader.ctx, name: name}).open(p.address, looks[0].step())
			if p.prepare != nil {
				p.prepare(page)
			}
			eval[bool](page, showAll)
			for _, l := range looks {
				page.do(l.step())
				page.inspect(axe, fmt.Sprintf("%d px, %s", l.width, l.scheme))
				page.shoot(name + "-" + l.String())
			}
			page.do(chromedp.EmulateViewport(320, 700))
			page.until("nothing wider than 320 px", "document.documentElement.scrollWidth <= innerWidth")
		})
	}
}

func openComposer(tb *tab) {
	tb.signedIn("Nadia Orrin")
	tb.write("form", "Something *half* written.")
	tb.click("Preview", "form")
	tb.sees("Something half written.")
}

func openPassage(tb *tab) {
	tb.signedIn("Nadia Orrin")
	tb.until("the marks", marks)
	eval[bool](tb, "{const m="+margins+".querySelectorAll('.mark:not(.quiet)')[2]; m.scrollIntoView({block:'center',behavior:'instant'}); m.click(); true}")
	tb.until("the talk", margins+".querySelector('.talk li .body')")
}

func openMenu(tb *tab) {
	tb.signedIn("Nadia Orrin")
	tb.until("the menu's button", "parleyEyes.one('[data-act=more]')")
	eval[bool](tb, "parleyEyes.one('[data-act=more]').click(), true")
	tb.sees("Report this comment")
}

// showAll makes every thread laid out: what the browser leaves out until it is scrolled to would look empty
// and overlapping to axe.
const showAll = `(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(".thread>li{content-visibility:visible!important}");
  for (const root of [document, ...parleyEyes.all("*").map((node) => node.shadowRoot).filter(Boolean)])
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  return true;
})()`

func axeSource(t *testing.T) string {
	t.Helper()
	for _, path := range []string{os.Getenv("PARLEY_TEST_AXE"), "../../.cache/node_modules/axe-core/axe.min.js"} {
		if source, err := os.ReadFile(path); path != "" && err == nil {
			return string(source)
		}
	}
	if os.Getenv("PARLEY_TEST_ALL") != "" {
		t.Fatal("axe-core is missing, and PARLEY_TEST_ALL asks for everything")
	}
	t.Skip("left out: axe-core is not there (PARLEY_TEST_AXE names its file)")
	return ""
}

// inspect lets axe-core look at the page and reports what it finds.
func (tb *tab) inspect(axe, how string) {
	tb.t.Helper()
	eval[bool](tb, axe+"; true")
	found := eval[string](tb, `axe.run(document, {runOnly: ["wcag2a","wcag2aa","wcag21a","wcag21aa","wcag22aa","best-practice"]}).then((r) =>
		JSON.stringify(r.violations.map((v) => [v.id, v.help, v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " — " + (n.any[0] ?? n.all[0] ?? n.none[0])?.message)])))`)
	var violations [][]any
	if err := json.Unmarshal([]byte(found), &violations); err != nil {
		tb.t.Fatal(err)
	}
	for _, v := range violations {
		tb.t.Errorf("%s: %v", how, v)
	}
}

// shoot writes a picture of the page when the tests were asked for pictures.
func (tb *tab) shoot(name string) {
	if *screenshots == "" {
		return
	}
	tb.picture(name)
	if strings.HasPrefix(name, "article") {
		eval[bool](tb, "document.querySelector('parley-conversation').scrollIntoView({behavior: 'instant'}), true")
		tb.picture("conversation" + strings.TrimPrefix(name, "article"))
		eval[bool](tb, "scrollTo({top: 0, behavior: 'instant'}), true")
	}
}

func (tb *tab) picture(name string) {
	picture, err := chromedp.Run(tb.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(*screenshots, name+".png"), picture, 0o644)
	}
	if err != nil {
		tb.t.Error(err)
	}
}

// TestTheArticlePage: the page under which the forum stands has what a newspaper's page has, and does not move while it loads.
func TestTheArticlePage(t *testing.T) {
	d := startDemo(t)
	tb := visit(t, browser(t), "reader").open("about:blank")
	tb.do(chromedp.Navigate(d.forum + warPiece))
	tb.until("the conversation", "parleyEyes.one('[data-list] li')")
	for what, condition := range map[string]string{
		"a headline that asks":           "parleyEyes.one('h1').textContent.endsWith('?')",
		"a section":                      "parleyEyes.one('.section', 'World')",
		"a standfirst":                   "parleyEyes.one('.standfirst', 'Probably without a victor')",
		"a byline":                       "parleyEyes.one('.byline', 'Ilse Marrow')",
		"a date with day, time and zone": "/(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day \\d+ November 2026, \\d+\\.\\d\\d \\S+/.test(parleyEyes.text())",
		"a picture with its size":        "document.querySelector('figure img').width && document.querySelector('figure img').getAttribute('height')",
		"a text for the picture":         "document.querySelector('figure img').alt.length > 20",
		"a caption":                      "parleyEyes.one('figcaption', 'Velm dam')",
		"an author's note":               "parleyEyes.one('.authornote', 'Ilse Marrow')",
		"a canonical link":               "document.querySelector('link[rel=canonical]').href === location.href",
		"Open Graph":                     "document.querySelector('meta[property=\"og:title\"]').content.includes('Tessel')",
		"the feed of articles":           "document.querySelector('link[type=\"application/rss+xml\"]').href",
		"paragraphs with ids":            "document.querySelectorAll('[id^=\"p-\"]').length > 5",
		"NewsArticle with comments":      "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent).comment.length > 5",
	} {
		tb.until(what, condition)
	}
	shift := eval[float64](tb, `new Promise((done) => { let sum = 0;
		new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; }).observe({type: "layout-shift", buffered: true});
		setTimeout(() => done(sum), 300); })`)
	if shift > 0.01 {
		t.Errorf("the page shifts by %v while it loads", shift)
	}
}
