package api_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"parley"
	"parley/internal/web/api"
)

// hostile reads the corpus of hostile texts.
func hostile(t testing.TB) (texts []string) {
	t.Helper()
	file, err := os.Open("../../markup/testdata/hostile.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		if unquoted, err := strconv.Unquote(line); err == nil && line[0] == '"' {
			line = unquoted
		}
		texts = append(texts, line)
	}
	if len(texts) < 250 {
		t.Fatalf("read only %d hostile texts", len(texts))
	}
	return texts
}

// tame has everything that a comment may be made of.
const tame = "*em* **strong** ~~del~~ `code`\\\nbr <https://news.example/> [link](mailto:a@b.example)\n\n> quote\n\n- list\n\n3. list\n\n```\npre\n```\n\n***\n"

// settle fills a town with texts by way of the API, in every field that strangers can fill, and gives where to begin
// to look.
func (w *town) settle(texts []string) (seeds []string) {
	w.Helper()
	story := w.story(first)
	comments := api.Prefix + "/stories/" + story.ID.String() + "/comments"
	victim := w.as("victim")
	said := w.ask(first, "POST", comments, `{"body":"I say."}`, victim...)
	parent := said.member("comment", "id")
	seeds = []string{"/", "/s/" + story.ID.String(), "/fragment?story=" + story.ID.String(), "/bridge", "/login?return=" + url.QueryEscape(w.bases[first]), "/nothing"}
	for i, text := range texts {
		if !utf8.ValidString(text) {
			continue
		}
		name := "fiend"
		named := w.ask(first, "POST", api.Prefix+"/readers", `{"name":`+quoted(text)+`,"email":"n`+fmt.Sprint(i)+`@example.com","password":`+quoted(password)+`}`)
		fiend := w.as(name)
		if named.StatusCode == http.StatusCreated {
			fiend = []string{"Cookie", "parley=" + named.Cookies()[0].Value}
			id := named.member("reader", "id")
			for _, path := range []string{"/follow", "/mute"} {
				w.ask(first, "PUT", api.Prefix+"/readers/"+id+path, "", victim...)
			}
			w.ask(first, "DELETE", api.Prefix+"/readers/"+id+"/mute", "", victim...)
			seeds = append(seeds, "/readers/"+id, "/readers/"+id+"/act")
		}
		for _, body := range []string{text, "[x](" + text + ")", "> - <" + text + ">", "https://news.example/" + text} {
			got := w.ask(first, "POST", comments, `{"body":`+quoted(body)+`,"parent":`+quoted(parent)+`}`, fiend...)
			if got.StatusCode >= 500 {
				w.Errorf("%q: %d %s", body, got.StatusCode, got.body)
			}
			if id := got.member("comment", "id"); id != "" {
				w.ask(first, "POST", api.Prefix+"/comments/"+id+"/reports", `{"reason":"other","note":`+quoted(text)+`}`, victim...)
				if body == text {
					seeds = append(seeds, "/c/"+id, "/c/"+id+"/item")
				}
			}
		}
		opened := w.ask(first, "POST", api.Prefix+"/stories", `{"url":"`+w.bases[first]+`/titled/`+fmt.Sprint(i)+`","title":`+quoted(text)+`}`, fiend...)
		id := opened.member("id")
		w.ask(first, "PUT", api.Prefix+"/stories/"+id+"/follow", "", victim...)
		w.ask(first, "POST", api.Prefix+"/stories/"+id+"/comments", `{"body":`+quoted(text+" .")+`}`, fiend...)
		w.argue(id, text)
		seeds = append(seeds, "/s/"+id)
		if i%4 == 0 { // what stands there stands on the others
			seeds = append(seeds, "/s/"+id+"/write", "/s/"+id+"/follow", "/s/"+id+"/feed", "/s/"+id+"/feed?format=json")
		}
	}
	return append(seeds, "/account", "/following", "/notices", "/account/register", "/account/sign-in", "/account/sign-out", "/account/confirm", "/account/bar")
}

// member gives a text of a JSON answer, "" when it is not there.
func (r reply) member(path ...string) string {
	var value any
	_ = json.Unmarshal([]byte(r.body), &value)
	for _, name := range path {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	text, _ := value.(string)
	return text
}

// first gives a text of the first item of a list in a JSON answer, "" when it is not there.
func (r reply) first(list string, path ...string) string {
	var answer map[string]json.RawMessage
	var items []json.RawMessage
	if json.Unmarshal([]byte(r.body), &answer) != nil || json.Unmarshal(answer[list], &items) != nil || len(items) == 0 {
		return ""
	}
	return reply{body: string(items[0])}.member(path...)
}

// crawl opens the seeds and whatever of the forum they lead to, as the victim and as nobody, and shows every answer.
func (w *town) crawl(seeds []string, most int, see func(path string, got reply)) {
	w.Helper()
	victim := w.as("victim")
	queue, known := slices.Clone(seeds), map[string]bool{}
	for _, path := range queue {
		known[path] = true
	}
	for n := 0; len(queue) > 0 && n < most; n++ {
		path := queue[0]
		queue = queue[1:]
		got := w.ask(first, "GET", path, "", victim...)
		see(path, got)
		if n%10 == 0 {
			see(path, w.ask(first, "GET", path, ""))
		}
		if !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
			continue
		}
		for z := html.NewTokenizer(strings.NewReader(got.body)); z.Next() != html.ErrorToken; {
			for _, attr := range z.Token().Attr {
				to, ours := strings.CutPrefix(attr.Val, w.bases[first])
				to, _, _ = strings.Cut(to, "#")
				if ours && strings.HasPrefix(to, "/") && !known[to] && !strings.HasPrefix(to, "/story/") && !strings.HasPrefix(to, "/titled/") {
					known[to] = true
					queue = append(queue, to)
				}
			}
		}
	}
}

var (
	addresses = []string{"href", "src", "action", "formaction", "cite", "data", "poster", "xlink:href", "srcset", "background", "ping", "manifest"}
	// told are the attributes whose values say what an element is, and not what somebody wrote.
	told     = []string{"class", "id", "name", "rel", "type", "role", "method", "target", "for", "enctype", "http-equiv", "property"}
	number   = regexp.MustCompile(`[0-9]+`)
	eventful = regexp.MustCompile(`^on`)
)

// bones gives what a page is made of: its elements and their attributes, with the values of those that say what
// an element is. It names what no page may have at all.
func (w *town) bones(path, page string) map[string]bool {
	w.Helper()
	found := map[string]bool{}
	document, err := html.Parse(strings.NewReader(page))
	if err != nil {
		w.Fatal(err)
	}
	for n := range document.Descendants() {
		if n.Type == html.CommentNode {
			w.Errorf("%s has a comment of HTML: %.100q", path, n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		found[n.Namespace+n.Data] = true
		for _, attr := range n.Attr {
			bone := n.Namespace + n.Data + " " + attr.Key
			if slices.Contains(told, attr.Key) && !strings.Contains(n.Data, "-") { // our own elements have names of readers

				bone += "=" + number.ReplaceAllString(attr.Val, "0")
			}
			found[bone] = true
			if eventful.MatchString(attr.Key) {
				w.Errorf("%s: %s has %s=%q", path, n.Data, attr.Key, attr.Val)
			}
			if slices.Contains(addresses, attr.Key) && !w.leads(n.Data, attr.Val) {
				w.Errorf("%s: %s %s leads to %q", path, n.Data, attr.Key, attr.Val)
			}
		}
		if n.Data == "script" {
			w.script(path, n)
		}
	}
	return found
}

// leads tells whether an element may lead where it does: links anywhere by http, https and mail, everything else
// within the forum.
func (w *town) leads(element, to string) bool {
	if element == "a" && (strings.HasPrefix(to, "mailto:") || strings.HasPrefix(to, "https://") || strings.HasPrefix(to, "http://")) {
		return true
	}
	if element == "link" && to == "data:," {
		return true // no icon
	}
	return to == w.bases[first] || strings.HasPrefix(to, w.bases[first]+"/") || strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") && !strings.HasPrefix(to, `/\`) ||
		strings.HasPrefix(to, "#") || element == "link" && strings.HasPrefix(to, "https://news.first.example/")
}

// script looks at a script element: ours from a file, or data that parses.
func (w *town) script(path string, n *html.Node) {
	w.Helper()
	data := ""
	if n.FirstChild != nil {
		data = n.FirstChild.Data
	}
	for _, attr := range n.Attr {
		if attr.Key == "type" && attr.Val == "application/ld+json" {
			if !json.Valid([]byte(data)) {
				w.Errorf("%s has data that does not parse: %.300s", path, data)
			}
			return
		}
	}
	if strings.TrimSpace(data) != "" {
		w.Errorf("%s has a script of its own: %.300s", path, data)
	}
}

// inFeed gives the HTML of every comment in a feed or JSON answer.
func (w *town) inFeed(path string, got reply) (parts []string) {
	w.Helper()
	if strings.Contains(got.Header.Get("Content-Type"), "atom") {
		var feed struct {
			Entries []struct {
				Content string `xml:"content"`
			} `xml:"entry"`
		}
		if err := xml.NewDecoder(bytes.NewReader([]byte(got.body))).Decode(&feed); err != nil {
			w.Errorf("%s does not parse: %v", path, err)
		}
		for _, entry := range feed.Entries {
			parts = append(parts, entry.Content)
		}
		return parts
	}
	var feed struct {
		Items []struct {
			Feed string `json:"content_html"`
			HTML string `json:"html"`
		} `json:"items"`
	}
	if err := json.Unmarshal([]byte(got.body), &feed); err != nil {
		w.Errorf("%s does not parse: %v", path, err)
	}
	for _, item := range feed.Items {
		parts = append(parts, item.Feed+item.HTML)
	}
	return parts
}

// TestStoredTextsStayTexts sends the hostile corpus through every field that strangers fill, opens every page and
// feed there is, and holds what they are made of against a town where everybody wrote harmless things.
func TestStoredTextsStayTexts(t *testing.T) {
	w := newTown(t)
	w.join(first, "victim", 0)
	w.join(first, "fiend", parley.RoleAuthor)
	allowed, pages := map[string]bool{}, 0
	learn := func(path string, got reply) {
		if pages++; strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
			for bone := range w.bones(path, got.body) {
				allowed[bone] = true
			}
		}
	}
	harmless := []string{"Ann", "Ann Marrow"}
	for i := range 8 { // more than fit on one page
		harmless = append(harmless, tame+strings.Repeat("\n\nmore", i))
	}
	seeds := w.settle(harmless)
	w.crawl(seeds, 400, learn)
	for _, text := range []string{"Ann", "ann@example.com", "", tame, strings.Repeat("long", 5000)} {
		w.forms(seeds[1], text, learn)
	}
	if len(allowed) < 150 || pages < 60 {
		t.Fatalf("%d pages with %d parts are not all there is", pages, len(allowed))
	}
	texts := hostile(t)
	if testing.Short() {
		texts = texts[:60]
	}
	check := func(path string, got reply) {
		media := got.Header.Get("Content-Type")
		switch {
		case got.StatusCode >= 500:
			t.Errorf("%s: %d", path, got.StatusCode)
		case strings.HasPrefix(media, "text/html"):
			for bone := range w.bones(path, got.body) {
				if !allowed[bone] {
					t.Errorf("%s holds what no template made: %s", path, bone)
				}
			}
		case strings.Contains(media, "atom") || strings.Contains(media, "feed+json"):
			for _, part := range w.inFeed(path, got) {
				for bone := range w.bones(path, part) {
					if !allowed[bone] {
						t.Errorf("%s holds what no template made: %s", path, bone)
					}
				}
			}
		}
	}
	seen := 0
	seeds = w.settle(texts)
	w.crawl(seeds, 2000, func(path string, got reply) { seen++; check(path, got) })
	for _, text := range texts {
		w.forms(seeds[1], text, check)
	}
	t.Logf("looked at %d answers, made of %d kinds of parts", seen, len(allowed))
}

// forms sends a text in every field of forms that come back with what was written.
func (w *town) forms(story, text string, see func(path string, got reply)) {
	w.Helper()
	fields := url.Values{}
	for _, name := range []string{"body", "name", "email", "password", "next", "key", "note", "reason", "code", "return", "challenge", "token"} {
		fields.Set(name, text)
	}
	for _, form := range []string{story + "/write", "/account/register", "/account/sign-in", "/account/confirm", "/account/setup", "/login"} {
		for _, do := range []string{"preview", "show", "confirm", "post", "register"} {
			if do == "post" && form != story+"/write" || do != "show" && form == "/account/sign-in" {
				continue // the same again, or a hash each time
			}
			fields.Set("do", do)
			see("POST "+form, w.ask(first, "POST", form, fields.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Origin", w.bases[first]))
		}
	}
	see("sign in", w.ask(first, "GET", "/account/sign-in?next="+url.QueryEscape(text), ""))
}
