package ask

import (
	"os"
	"strings"
	"testing"

	"parley"
	"parley/internal/forecast"
	"parley/internal/passages"
)

// TestRanges: the ranges as the documentation has them.
func TestRanges(t *testing.T) {
	doc, err := os.ReadFile("../../../docs/question.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range parley.Steps() {
		words := strings.ReplaceAll(rangeOf(s), "\u00a0", " ")
		name := strings.ReplaceAll(s.String(), "_", " ")
		if !strings.Contains(string(doc), "| "+name+" | "+words+" |") {
			t.Errorf("%s means %q, which the documentation does not say", name, words)
		}
	}
}

// TestAdvantage: words for a difference grow with it, and are the same on both sides of zero.
func TestAdvantage(t *testing.T) {
	for d, want := range map[float64]string{
		0: "just as close", 0.002: "just as close", -0.004: "a little further off", 0.02: "somewhat closer", -0.02: "somewhat further off",
		0.05: "clearly closer", 0.3: "much closer", -0.3: "much further off",
	} {
		if got := advantage(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

// TestEveryVerdictHasWords: those that are reached with enough compared questions.
func TestEveryVerdictHasWords(t *testing.T) {
	for _, v := range []forecast.Verdict{forecast.NoDifference, forecast.Better, forecast.OthersCloser} {
		if verdicts[v] == "" {
			t.Errorf("%v has no words", v)
		}
	}
	if verdicts[forecast.Nothing]+verdicts[forecast.TooFew] != "" {
		t.Error("short records have a verdict")
	}
}

// TestAround shortens what stayed, never what changed.
func TestAround(t *testing.T) {
	many := strings.TrimSpace(strings.Repeat("kept ", 50))
	gone := strings.TrimSpace(strings.Repeat("gone ", 50))
	got := around([]passages.Piece{{Kind: passages.Kept, Text: many}, {Kind: passages.Removed, Text: gone}, {Kind: passages.Kept, Text: many}, {Kind: passages.Added, Text: "new"}, {Kind: passages.Kept, Text: "a few words"}})
	words := func(i int) int { return strings.Count(got[i].Text, "kept") }
	if words(0) != beside || !strings.HasPrefix(got[0].Text, "… ") || got[1].Text != gone || words(2) != 2*beside || !strings.Contains(got[2].Text, " … ") || got[4].Text != "a few words" {
		t.Errorf("shortened to %+v", got)
	}
	whole := around([]passages.Piece{{Kind: passages.Added, Text: "new"}, {Kind: passages.Kept, Text: many}})
	if !strings.HasSuffix(whole[1].Text, " …") {
		t.Errorf("the end is %q", whole[1].Text)
	}
}
