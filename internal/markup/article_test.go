package markup

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestArticle(t *testing.T) {
	source, err := os.ReadFile("testdata/article.md")
	if err != nil {
		t.Fatal(err)
	}
	rendered, blocks, err := Article(source)
	if err != nil {
		t.Fatal(err)
	}
	if err := audit(rendered, articleElements); err != nil {
		t.Error(err)
	}
	golden(t, "testdata/article.html", rendered)
	for _, b := range blocks {
		if !strings.Contains(rendered, ` id="`+b.ID+`"`) || b.Text == "" {
			t.Errorf("block %v is not in the article", b)
		}
	}
	ids := slices.Collect(func(yield func(string) bool) {
		for _, b := range blocks {
			yield(b.ID)
		}
	})
	slices.Sort(ids)
	if len(slices.Compact(ids)) != len(blocks) || len(blocks) < 8 {
		t.Errorf("ids are not unique: %v", ids)
	}
}

// TestArticleIDsSurviveEdits keeps readers' remarks where they were when
// something else of the piece changes.
func TestArticleIDsSurviveEdits(t *testing.T) {
	id := func(source, text string) string {
		_, blocks, err := Article([]byte(source))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range blocks {
			if strings.Contains(b.Text, text) {
				return b.ID
			}
		}
		t.Fatalf("no block with %q", text)
		return ""
	}
	before := id("One.\n\nThe harbour froze, twice.\n\nThree.", "harbour")
	for name, after := range map[string]string{
		"punctuation": "The harbour froze — twice!",
		"emphasis":    "The *harbour* froze, **twice**.",
		"capitals":    "THE HARBOUR FROZE, twice.",
		"line breaks": "The harbour\nfroze, twice.",
	} {
		if got := id(after, ""); got != before {
			t.Errorf("%s: %s became %s", name, before, got)
		}
	}
	if got := id("New.\n\nOne.\n\nThe harbour froze, twice.", "harbour"); got != before {
		t.Errorf("a paragraph before: %s became %s", before, got)
	}
	if got := id("The harbour froze, once.", "harbour"); got == before {
		t.Error("another text has the same id")
	}
}

func TestArticleRefuses(t *testing.T) {
	if _, _, err := Article([]byte("a\xff")); err == nil {
		t.Error("invalid UTF-8 passed")
	}
	if _, _, err := Article(make([]byte, MaxArticle+1)); err == nil {
		t.Error("an endless article passed")
	}
}
