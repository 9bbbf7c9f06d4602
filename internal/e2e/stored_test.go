package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// alarms hooks what payloads call, and what a broken policy would say, before any script of the page runs.
const alarms = `
window.fired = [];
for (const name of ["alert", "prompt", "confirm", "open", "print"]) window[name] = (...all) => void window.fired.push(name + " " + all.join());
document.addEventListener("securitypolicyviolation", (event) => window.fired.push("policy: " + event.violatedDirective + " " + event.blockedURI + " " + event.sample), true);`

// poke does to every element what its handlers would wait for, and tells what went off and what was fetched from elsewhere.
const poke = `(() => {
  for (const node of parleyEyes.all("*"))
    for (const name of ["mouseover", "mouseenter", "pointerenter", "pointerover", "focus", "toggle", "beforetoggle", "error", "load", "animationstart", "transitionend", "wheel", "begin"])
      node.dispatchEvent(new Event(name, { bubbles: false }));
  const away = performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => !name.startsWith(location.origin + "/"));
  const strange = parleyEyes.all("script:not([src]):not([type='application/ld+json']), iframe:not([src^='" + location.origin + "/']), object, embed, svg script, base, meta[http-equiv]").map((node) => node.outerHTML.slice(0, 200));
  return JSON.stringify([...window.fired, ...away, ...strange]);
})()`

// payloads reads the corpus of hostile texts.
func payloads(t *testing.T) (texts []string) {
	t.Helper()
	file, err := os.Open("../markup/testdata/hostile.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if unquoted, err := strconv.Unquote(line); err == nil && line[0] == '"' {
			line = unquoted
		}
		if line != "" && !strings.HasPrefix(line, "# ") && utf8.ValidString(line) {
			texts = append(texts, line)
		}
	}
	return texts
}

// TestNothingFires loads the hostile corpus in a real browser, as first comments, as names, in a title and as they
// arrive on an open page: no dialog, no request elsewhere, no violation of the page's policy.
func TestNothingFires(t *testing.T) {
	d := startDemo(t)
	root := browser(t)
	fiend := &caller{t: t, base: d.plain, from: "127.0.0.1", cookies: map[string]string{}}
	register := func(c *caller, i int, name string) bool {
		got, _ := c.ask("POST", "/api/v1/readers", fmt.Sprintf(`{"email":"fiend%d@example.com","name":%s,"password":"four words and a ferry"}`, i, quote(name)))
		return got.StatusCode == http.StatusCreated
	}
	if !register(fiend, 0, "A fiend") {
		t.Fatal("the fiend could not register")
	}
	texts := payloads(t)
	story := made(t, fiend, "/api/v1/stories", `{"url":"`+d.forum+`/hostile","title":`+quote(texts[0]+texts[15])+`}`, "id")
	comments := "/api/v1/stories/" + story + "/comments"
	n, names := 0, 0
	for i, text := range texts {
		by := fiend
		if i%6 == 0 {
			named := &caller{t: t, base: d.plain, from: "127.0.0.1", cookies: map[string]string{}}
			if register(named, i+1, text) {
				by = named
				names++
			}
		}
		for _, body := range []string{text, "[x](" + text + ")"} {
			if got, _ := by.ask("POST", comments, `{"body":`+quote(body)+`}`); got.StatusCode == http.StatusCreated {
				n++
			}
		}
	}
	if n < 400 || names < 15 {
		t.Fatalf("only %d comments and %d names were taken", n, names)
	}

	victim := visit(t, root, "victim")
	hook := command(page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: alarms})
	tb := victim.open(d.forum+"/s/"+story, hook)
	quiet := func(where string) {
		t.Helper()
		tb.until("the page to be ready", `document.readyState === "complete" && !!customElements.get("parley-conversation")`)
		var heard []string
		if err := json.Unmarshal([]byte(eval[string](tb, poke)), &heard); err != nil {
			t.Fatal(err)
		}
		for _, one := range heard {
			t.Errorf("%s: %s", where, one)
		}
	}
	quiet("the first page")

	// What arrives while the page is open is put in by the script.
	tb.sees("fiend")
	for i, text := range texts[:24] {
		fiend.ask("POST", comments, `{"body":`+quote(fmt.Sprintf("%s\n\nlive %d", text, i))+`}`)
	}
	tb.click("new comments", "parley-conversation")
	tb.sees("live 0")
	quiet("what arrived")

	pages := 1
	for cursor := ""; ; pages++ {
		_, text := fiend.ask("GET", comments+"?cursor="+cursor, "")
		var list struct{ Next *string }
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			t.Fatal(err)
		}
		if list.Next == nil || pages > 40 {
			break
		}
		cursor = *list.Next
		tb.do(chromedp.Navigate(d.forum + "/s/" + story + "?cursor=" + cursor))
		quiet("page " + strconv.Itoa(pages+1))
	}
	if pages < 15 {
		t.Errorf("%d pages are not all of %d comments", pages, n)
	}

	// The hooks must hear what there is to hear.
	tb.do(chromedp.Navigate(d.forum + "/s/" + story))
	tb.until("the page to be ready", `document.readyState === "complete"`)
	if heard := eval[string](tb, `(alert("heard"), `+poke+`)`); !strings.Contains(heard, "alert heard") {
		t.Errorf("the hooks hear nothing: %s", heard)
	}
}

// made posts something and gives a member of the answer.
func made(t *testing.T, c *caller, path, body, member string) string {
	t.Helper()
	got, text := c.ask("POST", path, body)
	var object map[string]any
	if err := json.Unmarshal([]byte(text), &object); err != nil || got.StatusCode >= 300 {
		t.Fatalf("%s: %d %s", path, got.StatusCode, text)
	}
	value, _ := object[member].(string)
	return value
}
