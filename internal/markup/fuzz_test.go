package markup

import (
	"testing"

	"parley"
)

// FuzzComment asserts for any bytes what this package promises of Comment,
// Clean, Plain, PlainHTML and Article.
func FuzzComment(f *testing.F) {
	for _, body := range dialect(f) {
		f.Add(body)
	}
	for _, body := range hostile(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > MaxBody {
			t.Skip()
		}
		rendered, err := Comment(body)
		if code := parley.CodeOf(err); code != "" && code != parley.CodeBodyEmpty {
			t.Fatalf("Comment: %v", err)
		}
		if err := audit(rendered, commentElements); err != nil {
			t.Fatalf("%v\nrendered %q", err, rendered)
		}
		if again := commentPolicy.Sanitize(rendered); again != rendered {
			t.Fatalf("sanitised again: %q\nonce: %q", again, rendered)
		}
		if first := draw(body).String(); err == nil && first != rendered {
			t.Fatalf("the second wall had work to do:\n%q\n%q", first, rendered)
		}
		if err := audit(PlainHTML(body), commentElements); err != nil {
			t.Fatalf("PlainHTML: %v", err)
		}
		checkPlain(t, body)
		checkClean(t, body)
		if article, _, err := Article([]byte(body)); err == nil {
			if err := audit(article, articleElements); err != nil {
				t.Fatalf("article: %v\nrendered %q", err, article)
			}
		}
	})
}

// checkClean asserts that cleaning is final.
func checkClean(t *testing.T, body string) {
	t.Helper()
	once, err := Clean(body)
	if err != nil {
		return
	}
	if twice, err := Clean(once); err != nil || twice != once {
		t.Fatalf("cleaned once %q, twice %q, %v", once, twice, err)
	}
}

// FuzzFromHTML asserts that whatever is imported renders safely.
func FuzzFromHTML(f *testing.F) {
	for _, body := range hostile(f) {
		f.Add(body)
	}
	for _, source := range []string{"<p>a\nb</p>\n\nc <b>d</b><ul>\n<li>e</ul>", "<pre>a\n```\n</pre><code>`</code>", "<ol start=7><li>x<blockquote>y</ol>"} {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		for name, from := range map[string]func(string) (string, error){"html": FromHTML, "wordpress": FromWordPress} {
			body, err := from(source)
			if err != nil {
				if parley.CodeOf(err) == parley.CodeInternal {
					t.Fatalf("%s: %v", name, err)
				}
				continue
			}
			checkClean(t, body)
			rendered, err := Imported(body)
			if err != nil && parley.CodeOf(err) != parley.CodeBodyEmpty {
				t.Fatalf("%s: %q: %v", name, body, err)
			}
			if err := audit(rendered, commentElements); err != nil {
				t.Fatalf("%s: %v\nmarkdown %q\nrendered %q", name, err, body, rendered)
			}
		}
	})
}
