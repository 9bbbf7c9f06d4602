package browser_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/anchor"
	"parley/internal/markup"
)

// pieces gives the demo's articles: the HTML that is served and the text that the server holds.
func pieces(t *testing.T) (html, text []string) {
	t.Helper()
	files, err := filepath.Glob("../internal/demo/content/*.md")
	if err != nil || len(files) < 5 {
		t.Fatalf("found %d pieces: %v", len(files), err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, body, _ := strings.Cut(strings.TrimPrefix(string(source), "---\n"), "\n---\n")
		shown, blocks, err := markup.Article([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, b := range blocks {
			words = append(words, b.Text)
		}
		html, text = append(html, shown), append(text, anchor.NewText(words...).String())
	}
	return html, text
}

// hostile pages, and what their text is.
var hostile = []struct{ html, text string }{
	{`<h2>Head</h2><p>One<br>two</p><ul><li>three<li>four</ul>`, "Head One two three four"},
	{`<p>A <em>b</em>c<b>d</b> e<span>f</span></p>`, "A bcd ef"},
	{`<p>Before</p><figure><img alt="x"><figcaption>no</figcaption></figure><aside>no</aside><nav>no</nav><form>no<button>no</button></form><p>after</p>`, "Before after"},
	{`<p>In <script>no</script><style>no{}</style>side<svg><text>no</text></svg><iframe>no</iframe></p><template>no</template>`, "In side"},
	{`<p>Seen</p><p hidden>no</p><p style="display:none">no</p><p data-parley-skip>no</p><parley-count>no</parley-count>`, "Seen"},
	{`<table><caption>Boats</caption><tr><th>Name<th>Crew<tr><td>Kittiwake<td>4</table>`, "Boats Name Crew Kittiwake 4"},
	{"<p>\n a\u00a0\u00a0b \t\u2009c\n</p>\n<pre>d\n  e</pre>", "a b c d e"},
	{"<p>e\u0301t<b>e\u0301</b> a\u030a</p>", "\u00e9t\u00e9 \u00e5"},
	{"<p>e<b>\u0301</b>t</p>", "\u00e9t"},
	{"<p>ferry\u00adman</p><p dir=rtl>\u05d4\u05e1\u05db\u05e8 \u05e2\u05d5\u05de\u05d3</p>", "ferry\u00adman \u05d4\u05e1\u05db\u05e8 \u05e2\u05d5\u05de\u05d3"},
	{"<p>\U0001f6a2 boat \U0001f468\u200d\U0001f469\u200d\U0001f467 crew</p>", "\U0001f6a2 boat \U0001f468\u200d\U0001f469\u200d\U0001f467 crew"},
	{`<p></p><div><div><p> </p></div></div>`, ""},
}

// The text that the browser reads from a page is the one that the server holds, so that positions mean the same, and
// every part of it leads back to the very words on the page.
func TestTextOfAPage(t *testing.T) {
	tb := chromium(t)
	html, text := pieces(t)
	for _, one := range hostile {
		html, text = append(html, one.html), append(text, one.text)
	}
	tb.open(http.NotFoundHandler(), "/", 1280)
	eval[bool](tb, module(t, `export * from "./text"; export * from "./held"`, "reading")+"; window.reading = reading; true")
	for i := range html {
		// Of each piece of text: what the range says, normalised, and where the range leads.
		type answer struct {
			Text   string
			Wrong  []string
			Blocks int
		}
		source, _ := json.Marshal(html[i])
		got := eval[answer](tb, fmt.Sprintf(`(() => {
			document.body.innerHTML = "<article></article>";
			const root = document.querySelector("article");
			root.innerHTML = %s;
			const before = root.innerHTML, text = new reading.PageText(root), wrong = [], n = text.chars.length;
			const same = (a, b) => a.normalize().replace(/\s+/g, "") === b.normalize().replace(/\s+/g, "");
			for (let k = 0, start = 0; k < 200 && start < n; k++, start += Math.ceil(n / 200)) {
				const end = Math.min(n, start + 1 + (k * 7) %% 60), range = text.range(start, end);
				const copy = document.createElement("div");
				copy.append(range.cloneContents());
				copy.querySelectorAll("script,style,svg,iframe,template,figure,aside,nav,form,[hidden],[data-parley-skip],[style],parley-count").forEach((one) => one.remove());
				if (!same(copy.textContent, text.slice(start, end))) wrong.push(start + ": " + copy.textContent + " / " + text.slice(start, end));
				const held = reading.held(text, range);
				if (text.chars[start] !== " " && text.chars[end - 1] !== " " && (held?.start !== start || held.end !== end)) wrong.push(start + "-" + end + " comes back as " + JSON.stringify(held));
			}
			if (root.innerHTML !== before) wrong.push("the page was changed");
			for (const { start, end } of text.blocks) if (text.slice(start, end).trim() !== text.slice(start, end) || start === end) wrong.push("block " + start);
			return { Text: text.chars.join(""), Wrong: wrong.slice(0, 3), Blocks: text.blocks.length };
		})()`, source))
		if got.Text != text[i] {
			t.Errorf("page %d:\n got %.300q\nwant %.300q", i, got.Text, text[i])
		}
		if len(got.Wrong) > 0 {
			t.Errorf("page %d: %q", i, got.Wrong)
		}
		if (got.Blocks > 0) != (text[i] != "") {
			t.Errorf("page %d has %d blocks", i, got.Blocks)
		}
	}
}

// anchoring is how long the passages of a page may take, in ms: three frames.
const anchoring = 50

// A thousand passages, of which edits have touched one in twenty, are found in a page of 3,000 words. The best of some
// runs counts: this machine may be busy.
func TestAnchoringIsQuick(t *testing.T) {
	tb := chromium(t)
	_, text := pieces(t)
	r := rand.New(rand.NewPCG(3, 4))
	words := strings.Fields(strings.Join(text, " "))[:3000]
	var starts []int
	at := 0
	for _, w := range words {
		starts = append(starts, at)
		at += len([]rune(w)) + 1
	}
	was := []rune(strings.Join(words, " "))
	var quotes []anchor.Quote
	for range 1000 {
		i := r.IntN(len(words) - 30)
		n := 2 + r.IntN(20)
		start, end := starts[i], starts[i+n]-1
		quotes = append(quotes, anchor.Quote{
			Exact: string(was[start:end]), Prefix: string(was[max(0, start-32):start]), Suffix: string(was[end:min(len(was), end+32)]),
			Start: start, End: end, HasPosition: true,
		})
	}
	for range 12 {
		words[r.IntN(len(words))] = "otherwise"
	}
	now := anchor.NewText(strings.Join(words, " "))
	touched := 0
	for _, q := range quotes {
		if !strings.Contains(now.String(), q.Exact) {
			touched++
		}
	}
	page := fmt.Sprintf("<article><p>%s</article>", strings.Join(words, " "))
	tb.open(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte("<!doctype html>" + page))
	}), "/", 1280)
	eval[bool](tb, module(t, `export * from "./text"; export * from "./match"; export * from "./fold"; export { default as near } from "./near"`, "anchors")+"; window.anchors = anchors; true")
	given, err := json.Marshal(quotes)
	if err != nil {
		t.Fatal(err)
	}
	type answer struct {
		Took   []float64
		Places []*struct{ Start, End int }
	}
	got := eval[answer](tb, fmt.Sprintf(`(async () => {
		const quotes = %s, near = anchors.near(), took = [];
		let places;
		for (let i = 0; i < 20; i++) {
			const begun = performance.now();
			const text = new anchors.PageText(document.querySelector("article"));
			places = anchors.findAll(text.slice(0, text.chars.length), quotes.map((q) => ({ prefix: "", suffix: "", ...q })), anchors.fold, near);
			took.push(performance.now() - begun);
			await new Promise((done) => setTimeout(done, 50));
		}
		return { Took: took, Places: places.map((place) => place && { Start: place.start, End: place.end }) };
	})()`, given))
	best := got.Took[0]
	for _, ms := range got.Took {
		best = min(best, ms)
	}
	t.Logf("%d passages, %d touched: first %.0f ms, best %.1f ms", len(quotes), touched, got.Took[0], best)
	if best > anchoring {
		t.Errorf("anchoring takes %.1f ms, more than %d", best, anchoring)
	}
	// The browser and the server are of one mind.
	differ := 0
	for i, place := range now.FindAll(quotes) {
		var start, end int
		if p := got.Places[i]; p != nil {
			start, end = p.Start, p.End
		}
		if place.Start != start || place.End != end {
			differ++
		}
	}
	if differ > 0 {
		t.Errorf("browser and server differ about %d passages", differ)
	}
}
