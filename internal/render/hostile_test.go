package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"parley"
)

// hostile is what somebody may call himself, or his page, to break out of ours.
var hostile = []string{
	`"><script>alert(1)</script>`, `' onmouseover='alert(1)`, `</template><img src=x onerror=alert(1)>`,
	`javascript:alert(1)`, `</script><script>alert(1)</script>`, `<!--`, `]]>`, `{{.Site}}`, "`${alert(1)}`",
	"\u202Egnp.exe", "a\x00b", "\xff\xfe", `&lt;b&gt;`, `\u003c/script\u003e`, "line\nline\r\n\tline", `/* */ --><svg/onload=alert(1)>`,
	`https://news.example/it's(a)?q="x"&y=<z>`, "\u2028\u2029", `%3Cscript%3E`, strings.Repeat("<", 300),
}

// everywhere gives every view and every script with text in each field that strangers can fill.
func everywhere(t testing.TB, text string) []byte {
	site, story := site, harbour()
	site.Name, story.Title, story.URL = text, text, text
	by := parley.Byline{ID: 11, Name: text}
	top := root(1, by, "", 3, 2)
	top.Body = "x" + text
	answer := reply(2, top, by, "<p>fine</p>", 1)
	deep := reply(3, answer, by, "<p>fine</p>", 1)
	page := Page{Site: site, Story: story, Sort: parley.Oldest, Cursor: text, Next: text, Threads: []parley.Thread{{Root: top, Replies: []parley.Comment{answer, deep}, More: true}}}
	unknown := page
	unknown.Story.ID, unknown.Threads = 0, nil

	r := renderer()
	var w bytes.Buffer
	article := Article{URL: text, Headline: text, Description: text, Section: text, Language: text, Author: text, Publisher: text, Image: text}
	news, err1 := NewsArticleLD(article, page)
	talk, err2 := DiscussionLD(page)
	for _, err := range []error{
		err1, err2,
		r.Fragment(&w, page), r.Fragment(&w, unknown), r.Conversation(&w, page),
		r.Item(&w, ItemView{Site: site, Story: story, Comment: in(parley.Held, top), Note: text}),
		r.ThreadPage(&w, ThreadView{Site: site, Story: story, Root: top, Replies: []parley.Comment{answer}, Target: 2, Earlier: text, Later: text}),
		r.Comments(&w, CommentList{Site: site, Next: text, Items: []Listed{{Comment: deep, Story: story, Answers: &answer}}}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	w.WriteString(string(news))
	w.WriteString(string(talk))
	return w.Bytes()
}

// skeleton gives the elements and attribute names of a text without their contents; line breaks inside a comment's
// own text are its author's.
func skeleton(t testing.TB, page []byte) []string {
	var bones []string
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return bones
		}
		token := z.Token()
		if kind == html.TextToken || token.Data == "br" || token.Data == "p" && len(token.Attr) == 0 {
			continue
		}
		bone := fmt.Sprint(kind, " ", token.Data)
		for _, attr := range token.Attr {
			bone += " " + attr.Key
			scheme, _, found := strings.Cut(strings.ToLower(attr.Val), ":")
			if found && (attr.Key == "href" || attr.Key == "cite") && !strings.ContainsAny(scheme, "/?#") && scheme != "https" {
				t.Errorf("%s leads to %q", token.Data, attr.Val)
			}
		}
		bones = append(bones, bone)
	}
}

var (
	renderer = sync.OnceValue(func() *Renderer {
		r, err := New()
		if err != nil {
			panic(err)
		}
		return r
	})
	harmless []string
)

func checkHostile(t testing.TB, text string) {
	if harmless == nil {
		harmless = skeleton(t, everywhere(t, "Ann"))
	}
	want, got := harmless, skeleton(t, everywhere(t, text))
	if !slices.Equal(got, want) {
		for i := range min(len(got), len(want)) {
			if got[i] != want[i] {
				t.Fatalf("%q changes the page: %s instead of %s", text, got[i], want[i])
			}
		}
		t.Fatalf("%q changes the page: %d elements instead of %d", text, len(got), len(want))
	}
}

func TestHostileText(t *testing.T) {
	if n := len(skeleton(t, everywhere(t, "Ann"))); n < 200 {
		t.Fatalf("only %d elements, so the test looked at nothing", n)
	}
	for _, text := range hostile {
		checkHostile(t, text)
	}
}

func FuzzHostileText(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.TrimSpace(text) == "" || len(text) > 400 {
			return // an empty name is no name, and members that are empty are left out
		}
		checkHostile(t, text)
	})
}

// What machines read is what people wrote, whatever they wrote.
func TestHostileData(t *testing.T) {
	for _, text := range hostile {
		if !utf8.ValidString(text) {
			continue // JSON cannot hold it; encoding/json puts U+FFFD in its place
		}
		element, err := NewsArticleLD(Article{Headline: text}, sample())
		if err != nil {
			t.Fatal(err)
		}
		data := strings.TrimSuffix(strings.TrimPrefix(string(element), `<script type="application/ld+json">`), `</script>`)
		var read struct{ Headline string }
		if err := json.Unmarshal([]byte(data), &read); err != nil || read.Headline != text {
			t.Errorf("%q came back as %q: %v", text, read.Headline, err)
		}
	}
}

// A story's address in the markup is compared with addresses elsewhere, so it must come back letter for letter.
func TestStoryAddressIsExact(t *testing.T) {
	const address = `https://news.example/it's(a)?q=%22x%22&y=1`
	p := sample()
	p.Story.URL = address
	got := newShow(t)(func(r *Renderer, w *bytes.Buffer) error { return r.Fragment(w, p) })
	found := 0
	z := html.NewTokenizer(bytes.NewReader(got))
	for z.Next() != html.ErrorToken {
		for _, attr := range z.Token().Attr {
			if attr.Key == "story-url" || attr.Key == "data-url" {
				found++
				if attr.Val != address {
					t.Errorf("%s is %s", attr.Key, attr.Val)
				}
			}
		}
	}
	if found != 2 {
		t.Errorf("the address stands in %d places, want 2", found)
	}
}
