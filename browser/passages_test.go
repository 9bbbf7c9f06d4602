package browser_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/internal/web/assets"
)

// A page as a publisher makes it, and a conversation under it. %s: what the head, the article and the section have besides.
const publisher = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The ferry</title><style>
body { font: 18px/1.5 Georgia, serif; max-width: 640px; margin: 24px auto; padding: 0 16px } * { box-sizing: border-box } img { max-width: 100%% }
</style><link rel="stylesheet" href="/embed.css"><script type="module" src="/embed.js"></script>%s</head><body>
<h1>The ferry that waits</h1><main id="text">%s</main>
<parley-conversation class="parley" lang="en" article="#text" live="off"><section class="conversation" aria-labelledby="parley-h" data-story="7"
 data-url="https://example.com/ferry" data-revision="1" data-event="0" data-comments="3" data-threads="2" data-sort="newest" data-next=""
 data-parts="%s idle" data-passages="2"><header class="head"><h2 id="parley-h">Conversation</h2><p data-count>3 comments</p><p data-tools></p></header>
<div class="compose" data-compose></div><ol class="thread" role="list" data-list>%s</ol><nav data-pager hidden><span data-shown></span></nav>
<div role="status" class="vh" data-status></div></section></parley-conversation></body></html>`

const article = `<p>At 21.40 the Kittiwake is supposed to leave, and her mate looks down the quay to see who is running. Somebody generally is.</p>
<figure><img alt="" width="600" height="40"><figcaption>The quay</figcaption></figure>
<p>I have taken that boat some sixty times, and by my notebook it has left on time on nine of them.</p>
<p>The report is forty pages long and has a graph. It recommends a barrier that closes at 21.38.</p>`

const comment = `<li id="c-41" class="t" data-id="41" data-author="5" data-parent="" data-level="1" data-thread="41" data-state="published" data-passage="17"><article class="c" aria-labelledby="c-41-by" tabindex="-1"><span class="av" aria-hidden="true">TR</span><header><h3 id="c-41-by"><a href="/readers/5" data-reader>Tobias Renn</a></h3><p class="meta"><a href="/c/41" data-permalink><time datetime="2026-11-20T09:12:00Z">20 November</time></a></p></header><div class="main"><blockquote class="quoted"><a href="/s/7?passage=17" data-act="passage" data-passage="17">Somebody generally is.</a></blockquote><div class="body"><p>It was me, twice.</p></div><div class="act"></div></div></article></li>`

// fixture serves that page and as much of a forum as its script asks for.
type fixture struct {
	*assets.Files
	head, article string
}

func (f fixture) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	html := func(body string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(body))
	}
	reply := func(v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	type passage struct {
		ID, Exact, Prefix, Suffix, State string
		Start, End, Version, Comments    int
	}
	lower := func(p passage) map[string]any {
		return map[string]any{"id": p.ID, "exact": p.Exact, "prefix": p.Prefix, "suffix": p.Suffix, "state": p.State, "start": p.Start, "end": p.End, "comments": p.Comments, "threads": 1}
	}
	switch path := r.URL.Path; {
	case path == "/page":
		html(fmt.Sprintf(publisher, f.head, f.article, f.Part("passages"), comment))
	case path == "/api/v1/me":
		reply(map[string]any{"reader": nil, "unread": 0, "marks": nil, "own": []any{}})
	case path == "/api/v1/stories/7/passages":
		reply(map[string]any{"version": 0, "items": []any{
			lower(passage{ID: "17", Exact: "Somebody generally is.", Prefix: "quay to see who is running. ", Suffix: " I have taken that boat some", State: "quoted", Start: 100, End: 122, Comments: 2}),
			lower(passage{ID: "18", Exact: "a barrier that closes at 21.38", Prefix: "has a graph. It recommends ", Suffix: ".", State: "quoted", Start: 0, End: 0, Comments: 1}),
			lower(passage{ID: "19", Exact: "\u202e<img src=x onerror=alert(1)>", Prefix: strings.Repeat("x", 256), Suffix: "\x00", State: "quoted", Start: 1 << 30, End: 1<<30 + 9, Comments: 9}),
		}})
	case path == "/s/7/comments":
		w.Header().Set("Parley-Revision", "1")
		html(comment)
	case path == "/c/41":
		html(`<ol data-list>` + comment + `</ol>`)
	default:
		f.Files.ServeHTTP(w, r)
	}
}

func show(t *testing.T, f fixture, path string, width int64) *tab {
	t.Helper()
	files, err := assets.Load()
	if err != nil {
		t.Fatal(err)
	}
	f.Files = files
	if f.article == "" {
		f.article = article
	}
	tb := chromium(t)
	tb.open(f, path, width)
	return tb
}

func TestMarksBesideTheText(t *testing.T) {
	for _, width := range []int64{1280, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			tb := show(t, fixture{}, "/page", width)
			before := eval[string](tb, `document.querySelector("#text").outerHTML`)
			tb.until("the marks", "marks().length === 2 && marks()[0].checkVisibility()")
			if got := eval[[]string](tb, `marks().map((one) => one.textContent.replace(/[\u2068\u2069]/g, ""))`); strings.Join(got, "; ") != "2 comments on: “Somebody generally is.”; 1 comment on: “a barrier that closes at 21.38”" {
				t.Errorf("the marks say %q", got)
			}
			if got := eval[string](tb, `[...CSS.highlights.get("parley-passage")].map(String).join(" | ")`); got != "Somebody generally is. | a barrier that closes at 21.38" {
				t.Errorf("painted are %q", got)
			}
			// Nothing is in the article, nothing moves, nothing becomes wider.
			if after := eval[string](tb, `document.querySelector("#text").outerHTML`); after != before {
				t.Errorf("the article has become %s", after)
			}
			if wide := eval[int](tb, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
				t.Errorf("the page is %d px too wide", wide)
			}
			if eval[float64](tb, "moved") > 0.001 {
				t.Errorf("the article has moved by %.3f", eval[float64](tb, "moved"))
			}

			eval[bool](tb, "marks()[0].focus(), marks()[0].click(), true")
			tb.until("the talk", `layer().querySelector(".talk li[data-id='41']") && layer().activeElement?.id === "parley-talk"`)
			if beside := eval[bool](tb, `layer().querySelector(".talk").matches(":popover-open")`); beside != (width > 1000) {
				t.Errorf("beside the text: %v", beside)
			}
			if got := eval[string](tb, `String([...CSS.highlights.get("parley-passage-on")])`); got != "Somebody generally is." {
				t.Errorf("lit is %q", got)
			}
			eval[bool](tb, `layer().activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true, cancelable: true })), true`)
			tb.until("the talk to go and the mark to have focus", `!layer().querySelector(".talk") && layer().activeElement === marks()[0] && marks()[0].ariaExpanded === "false"`)
			if n := eval[int](tb, `CSS.highlights.get("parley-passage-on").size`); n != 0 {
				t.Errorf("%d passages are still lit", n)
			}
		})
	}
}

func TestWordsThatAreSelected(t *testing.T) {
	long := strings.Repeat("<p>"+strings.Repeat("word ", 400)+"</p>", 10)
	tb := show(t, fixture{article: article + `<p dir="rtl">הסכר עומד, והנהר זורם.</p><table><tr><td>Kittiwake</td><td>4 crew</td></tr></table>` + long}, "/page", 1280)
	tb.until("the marks", "marks().length === 2")
	offered := func(words string) {
		t.Helper()
		tb.until("what "+words+" can be used for", `layer().querySelector(".chosen:not([hidden]) [data-act=comment]")`)
	}
	gone := func() {
		t.Helper()
		eval[bool](tb, "getSelection().removeAllRanges(), true")
		tb.until("nothing to be offered", `layer().querySelector(".chosen")?.hidden`)
	}
	for _, one := range []struct{ what, choose, words string }{
		{"within a word", `const p = document.querySelectorAll("#text p")[0].firstChild; choose(p, 14, p, 30)`, "Kittiwake is supposed"},
		{"across a picture", `const p = document.querySelectorAll("#text p"); choose(p[0].firstChild, 112, p[1].firstChild, 12)`, "generally is. I have taken"},
		{"from right to left", `const p = document.querySelector("[dir=rtl]").firstChild; choose(p, 5, p, 9)`, "עומד"},
		{"across a table", `const t = document.querySelectorAll("#text td"); choose(t[0], 0, t[1], 1)`, "Kittiwake 4 crew"},
		{"beyond the text", `choose(document.querySelector("h1").firstChild, 4, document.querySelector("#text p").firstChild, 8)`, "At 21.40"},
	} {
		eval[bool](tb, "{"+one.choose+"} true")
		offered(one.what)
		eval[bool](tb, `layer().querySelector(".chosen [data-act=comment]").click(), true`)
		tb.until("the talk about "+one.what, `layer().querySelector(".talk .quoted") && layer().activeElement?.tagName === "TEXTAREA"`)
		if got := eval[string](tb, `layer().querySelector(".talk .quoted").textContent`); got != one.words {
			t.Errorf("%s: quoted is %q, want %q", one.what, got, one.words)
		}
		eval[bool](tb, `layer().querySelector(".talk .close").click(), true`)
		gone()
	}
	eval[bool](tb, `{ const p = document.querySelectorAll("#text p"); choose(p[5].firstChild, 0, p[13].firstChild, 1990) } true`)
	tb.until("a word about the length", `layer().querySelector(".chosen").textContent.includes("at most 1,000 characters") && !layer().querySelector(".chosen button")`)
	gone()
	eval[bool](tb, `getSelection().selectAllChildren(document.querySelector(".head")), new Promise((done) => setTimeout(done, 400, true))`)
	if eval[bool](tb, `!layer().querySelector(".chosen").hidden`) {
		t.Error("words outside the article can be commented on")
	}
	// The keyboard does what the button does.
	eval[bool](tb, `choose(document.querySelectorAll("#text p")[1].firstChild, 0, document.querySelectorAll("#text p")[1].firstChild, 26);
		document.dispatchEvent(new KeyboardEvent("keydown", { code: "KeyM", ctrlKey: true, altKey: true, bubbles: true, cancelable: true })); true`)
	tb.until("the talk", `layer().querySelector(".talk .quoted")?.textContent === "I have taken that boat some"`)
}

func TestArticlesThatChange(t *testing.T) {
	// The text comes two seconds late; then a paragraph comes before it, then words in a passage are changed; then
	// all of it is taken away and put back as other elements.
	late := `<script type="module">const main = document.querySelector("#text"), held = main.innerHTML; main.replaceChildren();
		window.arrive = () => { main.innerHTML = held; };</script>`
	tb := show(t, fixture{head: late}, "/page#c-41", 1280)
	tb.until("the conversation", `document.querySelector("form.compose")`)
	if n := eval[int](tb, "marks().length"); n != 0 {
		t.Fatalf("%d marks without a text", n)
	}
	eval[bool](tb, "arrive(), true")
	tb.until("the marks, and the comment that the address names", `marks().length === 2 && layer().activeElement?.closest("li")?.dataset.id === "41"`)
	eval[bool](tb, `layer().querySelector(".talk .close").click(), true`)
	top := eval[float64](tb, "marks()[0].getBoundingClientRect().top")
	eval[bool](tb, `document.querySelector("#text").insertAdjacentHTML("afterbegin", "<p>Correction: the boat left at 21.41, and not before.</p>"), true`)
	tb.until("the marks to move down", fmt.Sprintf("marks().length === 2 && marks()[0].getBoundingClientRect().top > %f + 20", top))
	eval[bool](tb, `document.querySelectorAll("#text p")[3].textContent = "The report is forty pages long and has a graph. It recommends a gate that closes at 21.38.", true`)
	tb.until("the changed words to be found", `[...CSS.highlights.get("parley-passage")].map(String).includes("a gate that closes at 21.38")`)
	eval[bool](tb, `document.querySelectorAll("#text p")[3].textContent = "Nothing of what the report said has been kept, nor its graph.", true`)
	tb.until("words that are gone to have no mark", "marks().length === 1")
	eval[bool](tb, `{ const main = document.querySelector("#text"), copy = main.cloneNode(true); main.remove(); setTimeout(() => document.querySelector("h1").after(copy), 600) } true`)
	tb.until("the marks to go", "marks().length === 0")
	tb.until("the marks to come back", "marks().length === 1")
}

// Without the API that paints, and with marks alone, everything else works; in a text from right to left the marks are on
// the left; one Tab reaches the marks, arrows go from one to the next.
func TestMarksAlone(t *testing.T) {
	without := `<script>delete CSS.highlights; Object.defineProperty(CSS, "highlights", { value: undefined }); document.documentElement.dir = "rtl"</script>`
	tb := show(t, fixture{head: without}, "/page", 1280)
	tb.until("the marks", "marks().length === 2 && marks()[0].checkVisibility()")
	if !eval[bool](tb, `marks().every((one) => one.getBoundingClientRect().right < document.querySelector("#text").getBoundingClientRect().left)`) {
		t.Error("the marks are not to the left of a text from right to left")
	}
	stops := eval[int](tb, `layer().querySelectorAll(".mark[tabindex='0']").length`)
	all := eval[int](tb, `layer().querySelectorAll(".mark").length`)
	if stops != 1 || all != 3 {
		t.Errorf("%d of %d marks are reached by Tab", stops, all)
	}
	keys := func(key string) string {
		return eval[string](tb, fmt.Sprintf(`(layer().activeElement ?? layer().querySelector(".mark[tabindex='0']")).focus(),
			layer().activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: %q, bubbles: true, composed: true, cancelable: true })), layer().activeElement.textContent`, key))
	}
	if got := keys("ArrowDown"); !strings.Contains(got, "I have taken that boat") {
		t.Errorf("below the first mark is %q", got)
	}
	if got := keys("End"); !strings.Contains(got, "a barrier") {
		t.Errorf("the last mark is %q", got)
	}
	eval[bool](tb, `layer().activeElement.click(), true`)
	tb.until("the talk", `layer().querySelector(".talk.left .quoted")?.textContent === "a barrier that closes at 21.38"`)
}
