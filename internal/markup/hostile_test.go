package markup

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"
)

// hostile reads the corpus.
func hostile(t testing.TB) []string {
	t.Helper()
	file, err := os.Open("testdata/hostile.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var bodies []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		if unquoted, err := strconv.Unquote(line); err == nil && line[0] == '"' {
			line = unquoted
		}
		bodies = append(bodies, line)
	}
	if len(bodies) < 250 {
		t.Fatalf("read only %d hostile bodies", len(bodies))
	}
	return bodies
}

// surroundings are the places of a comment that a payload may stand in; % is
// the payload.
var surroundings = []string{
	"%", "before % after", "- %", "> %", "1. %\n   %", "# %", "*%*", "**%**", "~~%~~", "`%`", "```\n%\n```", "```%\nx\n```", "    %",
	"[%](https://news.example/)", "[x](%)", "[x](<%>)", "[x](https://news.example/%)", `[x](https://news.example "%")`, "![%](https://news.example/p.png)",
	"<%>", "https://news.example/%", "www.news.example/%", "[x]: %\n\n[x]", "a\n%\nb", "a\\\n%", "&%;",
}

// TestHostileMarkdown puts every payload into every place of a comment, an
// imported comment and an article.
func TestHostileMarkdown(t *testing.T) {
	for _, payload := range hostile(t) {
		for _, place := range surroundings {
			body := strings.ReplaceAll(place, "%", payload)
			if rendered, err := Comment(body); err == nil {
				if err := audit(rendered, commentElements); err != nil {
					t.Errorf("%q: %v\nrendered %s", body, err, rendered)
				}
			}
			if err := audit(PlainHTML(body), commentElements); err != nil {
				t.Errorf("plain %q: %v", body, err)
			}
			if rendered, _, err := Article([]byte(body)); err == nil {
				if err := audit(rendered, articleElements); err != nil {
					t.Errorf("article %q: %v\nrendered %s", body, err, rendered)
				}
			}
		}
	}
}

// htmlPlaces are the places of HTML from elsewhere.
var htmlPlaces = []string{
	"%", "<p>%</p>", "<b>x % y</b>", "<ul><li>%</li></ul>", "<pre>%</pre>", "<code>%</code>", "<blockquote>a\n\n%\n</blockquote>",
	`<a href="%">x</a>`, `<a href='%'>x</a>`, `<a href="https://news.example/">%</a>`, `<a href="https://news.example/" title="%">x</a>`,
	`<img src="https://news.example/p.png" alt="%">`, `<img src="%" alt="x">`, "<!-- % -->", "<table><tr><td>%</td></tr></table>", "<svg>%</svg>", "<math>%</math>",
}

// TestHostileHTML imports every payload from every place and renders what came
// of it.
func TestHostileHTML(t *testing.T) {
	for _, payload := range hostile(t) {
		for _, place := range htmlPlaces {
			source := strings.ReplaceAll(place, "%", payload)
			for name, from := range map[string]func(string) (string, error){"html": FromHTML, "wordpress": FromWordPress} {
				body, err := from(source)
				if err != nil {
					continue
				}
				rendered, err := Imported(body)
				if err != nil {
					continue
				}
				if err := audit(rendered, commentElements); err != nil {
					t.Errorf("%s %q: %v\nmarkdown %q\nrendered %s", name, source, err, body, rendered)
				}
			}
		}
	}
}

// TestSecondWallIsIdle shows that the renderer by itself writes nothing that
// the sanitiser would change.
func TestSecondWallIsIdle(t *testing.T) {
	for _, payload := range hostile(t) {
		for _, place := range surroundings {
			body := strings.ReplaceAll(place, "%", payload)
			first := draw(body).String()
			if second := commentPolicy.Sanitize(first); second != first {
				t.Errorf("%q:\nrenderer  %s\nsanitiser %s", body, first, second)
			}
		}
	}
}
