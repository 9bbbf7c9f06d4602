package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// margins is the root of the layer of marks beside the text.
const margins = "document.querySelector('parley-passages')?.shadowRoot"

// marks holds when some passages have their marks and these can be reached: until their styles are there they are hidden,
// and nothing hidden takes the focus.
const marks = margins + "?.querySelectorAll('.margin:not([hidden]) .mark:not(.quiet)').length > 3"

// marked tells whether a mark says these words.
func marked(words string) string {
	return "[..." + margins + ".querySelectorAll('.mark:not(.quiet)')].some((m) => m.textContent.includes(" + quote(words) + "))"
}

// painted gives the words that are painted as the passage being talked about.
const painted = "[...(CSS.highlights.get('parley-passage-on') ?? [])].map((r) => r.toString()).join('|')"

// choose selects words of the text as a mouse does, in the first paragraph that holds them.
func (tb *tab) choose(article, words string) {
	tb.t.Helper()
	paragraph := fmt.Sprintf("[...document.querySelectorAll(%s)].find((p) => p.textContent.includes(%s))", quote(article+" p"), quote(words))
	tb.until("the words "+words, paragraph)
	eval[bool](tb, fmt.Sprintf(`{
		const p = %s;
		p.scrollIntoView({block: "center", behavior: "instant"});
		const walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
		for (let node; (node = walk.nextNode()); ) {
			const at = node.data.indexOf(%s);
			if (at < 0) continue;
			p.dispatchEvent(new PointerEvent("pointerdown", {bubbles: true}));
			getSelection().setBaseAndExtent(node, at, node, at + %d);
			p.dispatchEvent(new PointerEvent("pointerup", {bubbles: true}));
		}
		!getSelection().isCollapsed
	}`, paragraph, quote(words), len([]rune(words))))
}

// piece is a served text that an editor changes while readers talk about it.
func piece(t testing.TB, folder, body string) {
	t.Helper()
	front := "---\ntitle: The harbour wall\npublished: 2026-11-20T06:00:00Z\nauthor: Ilse Marrow\n---\n\n"
	if err := os.WriteFile(filepath.Join(folder, "the-harbour-wall.md"), []byte(front+body), 0o644); err != nil {
		t.Fatal(err)
	}
}

// served waits until a page holds a text: the folder is looked at once a second.
func served(t *testing.T, page, text string) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(100 * time.Millisecond) {
		if strings.Contains(string(ask(t, page, "")), text) {
			return
		}
	}
	t.Fatalf("%s does not come to hold %q", page, text)
}

const wall = `The wall was built in 1931 by men who had been promised bread. It has held ever since, and nobody has thanked it.

Now the council wants to know what it costs. The answer is that nobody knows, because the wall has never failed.

Every spring a diver goes down and comes up again and writes that the wall is where it was.
`

// TestTalkToASentence: a reader chooses words of a served piece and comments on them; the comment stands beside the
// text. The piece is edited, and the comment's link still opens both, the comment and the words; and when the words are
// gone, the comment says so, with the old words.
func TestTalkToASentence(t *testing.T) {
	folder := t.TempDir()
	piece(t, folder, wall)
	line := start(t, &logged{}, "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--articles", folder, "--limits", "off")
	base := "http://127.0.0.1:" + address.FindStringSubmatch(line)[1]
	page := base + "/articles/the-harbour-wall"

	root := browser(t)
	tb := visit(t, root, "Ada").open(page)
	tb.register("Ada Winter", "ada@example.com")
	const words = "nobody has thanked it"
	tb.choose(".piece .text", words)
	tb.click("Comment on this passage", "parley-passages")
	tb.write("parley-passages", "I have. Every winter, on my knees.")
	tb.click("Post", "parley-passages")
	tb.until("the comment beside the text", margins+".querySelector('.talk li .body')?.textContent.includes('on my knees')")
	tb.until("a mark that counts it", marked(words))
	tb.until("the comment below the text, with the words", "parleyEyes.one('.conversation li .quoted', "+quote(words)+")")
	tb.until("its words painted", "[...CSS.highlights.get('parley-passage')].some((r) => r.toString() === "+quote(words)+")")
	link := eval[string](tb, "[...document.querySelectorAll('parley-conversation li[data-passage]')][0].dataset.id")

	// An edit before the words, a typing error in the sentence, and a paragraph that moves.
	paragraphs := strings.Split(strings.TrimSpace(wall), "\n\n")
	edited := strings.Replace(paragraphs[0], "in 1931 by men who", "in the year 1931, by men that", 1)
	piece(t, folder, paragraphs[1]+"\n\n"+edited+"\n\n"+paragraphs[2]+"\n")
	served(t, page, "by men that")
	comeBack := visit(t, root, "Ben").open(page + "#parley-c-" + link)
	comeBack.until("the talk", margins+"?.querySelector('.talk li .body')?.textContent.includes('on my knees')")
	comeBack.until("the words painted where they are now", painted+" === "+quote(words))
	comeBack.sees("What has changed")

	// The words go. Nothing is painted, and the comment keeps what it quoted.
	piece(t, folder, paragraphs[1]+"\n\nThe wall was built in 1931.\n\n"+paragraphs[2]+"\n")
	served(t, page, "The wall was built in 1931.</p>")
	gone := visit(t, root, "Clara").open(page)
	gone.until("the old words with the comment", "parleyEyes.one('.conversation li .quoted', "+quote(words)+") && parleyEyes.one('.conversation li .quoted', 'This passage has changed since')")
	gone.until("the marks", margins)
	if eval[bool](gone, marked(words)) {
		t.Error("a mark is pinned to words that are gone")
	}
	gone.do(chromedp.Navigate(base + "/c/" + link))
	gone.until("the words on the comment's own page", "parleyEyes.one('.quoted', "+quote(words)+")")
}

// TestAForeignPagesPassage: on a publisher's own page the words are shown as quoted by a reader, and not a node of the
// publisher's text is touched.
func TestAForeignPagesPassage(t *testing.T) {
	d := startDemo(t)
	tb := visit(t, browser(t), "Nadia").open(d.letters + "/ferry")
	before := eval[string](tb, "document.querySelector('main article, article').innerHTML")
	tb.near()
	tb.until("the marks", margins+"?.querySelector('.mark')")
	tb.until("quoted by a reader", "parleyEyes.one('.passages li, .quoted', 'As quoted by a reader') || (parleyEyes.press('Passages readers talk about')?.click(), false)")
	if after := eval[string](tb, "document.querySelector('main article, article').innerHTML"); after != before {
		t.Errorf("the publisher's text was %q and is %q", before, after)
	}
}

// TestPassagesOnAPhone: the talk is a sheet over the page; it closes with Escape and gives the focus back to its mark.
func TestPassagesOnAPhone(t *testing.T) {
	d := startDemo(t)
	tb := visit(t, browser(t), "reader").open(d.forum+warPiece, looks[2].step())
	tb.until("the marks", marks)
	eval[bool](tb, "{const m="+margins+".querySelector('.mark:not(.quiet)'); m.scrollIntoView({block:'center',behavior:'instant'}); m.focus(); m.click(); true}")
	tb.until("a sheet with comments", margins+".querySelector('dialog.talk:modal li')")
	tb.shoot("passages-phone-light")
	tb.keys(kb.Escape)
	tb.until("the sheet closed and the mark focused", "!"+margins+".querySelector('.talk') && "+margins+".activeElement?.matches('.mark')")
}

// TestPassagesByKeyboard: one tab stop leads to the marks, arrows go between them, Enter opens the talk, and a comment is
// written and posted without a mouse.
func TestPassagesByKeyboard(t *testing.T) {
	d := startDemo(t)
	tb := visit(t, browser(t), "Nadia").open(d.forum + warPiece)
	tb.signIn("Nadia Orrin", "nadia.orrin@example.com", "tea on the long quay")
	tb.until("the marks", marks)
	eval[bool](tb, margins+".querySelector('.mark[tabindex=\"0\"]').focus(), true")
	first := eval[string](tb, focus+".textContent")
	tb.keys(kb.ArrowDown)
	tb.until("the next mark", focus+".matches('.mark') && "+focus+".textContent !== "+quote(first))
	tb.seesFocus()
	tb.keys(kb.Enter)
	tb.until("the talk", margins+".querySelector('.talk textarea')")
	for range 20 {
		if eval[bool](tb, focus+"?.matches('textarea')") {
			break
		}
		tb.keys(kb.Tab)
	}
	tb.keys("Written without a mouse.")
	tb.tabTo("Post")
	tb.keys(kb.Enter)
	tb.until("the comment", margins+".querySelector('.talk li .body')?.textContent.includes('without a mouse') || [..."+margins+".querySelectorAll('.talk li .body')].some((b) => b.textContent.includes('without a mouse'))")
	tb.keys(kb.Escape)
	tb.until("the talk closed", "!"+margins+".querySelector('.talk')")
}

// TestSwitchedOff: where the publisher has switched it off, not a byte of it is asked for or sent.
func TestSwitchedOff(t *testing.T) {
	d := startDemo(t)
	tb := visit(t, browser(t), "reader").open(d.forum + libraryPiece)
	tb.until("the conversation", "parleyEyes.one('[data-list] li')")
	tb.until("all its parts", "performance.getEntriesByType('resource').some((r) => r.name.includes('embed-live'))")
	time.Sleep(time.Second) // what is loaded in quiet would come now
	asked := eval[string](tb, "performance.getEntriesByType('resource').map((r) => r.name).join(' ')")
	page := eval[string](tb, "document.documentElement.outerHTML")
	for _, trace := range []string{"argument", "passages", "embed-question", "embed-match", "embed-chosen"} {
		if strings.Contains(asked, trace) {
			t.Errorf("%q was asked for: %s", trace, asked)
		}
	}
	for _, trace := range []string{"argument.css", "data-parts", "class=\"question", "class=\"passages", "parley-passages"} {
		if strings.Contains(page, trace) {
			t.Errorf("the page has %q", trace)
		}
	}
}
