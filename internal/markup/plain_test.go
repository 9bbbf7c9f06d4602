package markup

import (
	"math/rand/v2"
	"strings"
	"testing"
)

const plainComment = `I have lived beside the harbour for forty years, and nobody asked us either.

The mayor says "work begins in spring". Which spring? Read the budget: R&D gets 12,000, the quay gets nothing [sic].
Still, thank you for the piece - it's the first that went and looked (twice!), not only asked.`

func TestPlain(t *testing.T) {
	for _, body := range []string{
		plainComment, "Hello", "a\nb\n\nc", "1984 was worse", "R&D & more", "a [b] c (d)", "10~20", "50% of $5 = €2.50", "Was? Nein!", "mail@example.org", "a - b", "\u200fשלום", "x;y:z|w",
	} {
		if !Plain(body) {
			t.Errorf("%q: should be plain", body)
		}
		checkPlain(t, body)
	}
	for _, body := range []string{
		"", "\n", "*a*", "a_b", "`a`", "# a", "> a", "- a", "+ a", "1. a", "2) a", "&amp;", "&#65;", "http://a", "www.a.b", "[a](b)", "~~a~~", "a\\\nb", "<b>",
		" a", "a ", "\ta", "a\r\nb", "a\x00", "\u202ea", "a\xff", "a\n---",
	} {
		if Plain(body) {
			t.Errorf("%q: should not be plain", body)
		}
	}
}

// checkPlain asserts the promise of Plain for one body.
func checkPlain(t *testing.T, body string) {
	t.Helper()
	if !Plain(body) || len(body) > MaxBody {
		return
	}
	rendered, err := Comment(body)
	if plain := PlainHTML(body); err != nil || plain != rendered {
		t.Errorf("%q:\nPlainHTML %q\nComment   %q, %v", body, plain, rendered, err)
	}
}

// TestPlainEqualsComment tries texts made of the pieces that matter.
func TestPlainEqualsComment(t *testing.T) {
	pieces := strings.Split("a|b c|1|12.|9)|.|,|!|[|]|(|)|&|&am|;|#|>|-|+|=|~|:|/|\"|'|\n|\n\n| |\t|w|ww.|\u00a0|é|=\n|!|$|%|^|{|}|@|?", "|")
	random := rand.New(rand.NewPCG(3, 4))
	plain := 0
	for range 20_000 {
		var body strings.Builder
		for range 1 + random.IntN(12) {
			body.WriteString(pieces[random.IntN(len(pieces))])
		}
		if Plain(body.String()) {
			plain++
		}
		checkPlain(t, body.String())
	}
	if plain < 2_000 {
		t.Errorf("only %d of the texts were plain", plain)
	}
}

func BenchmarkComment(b *testing.B) {
	body := plainComment
	for b.Loop() {
		if _, err := Comment(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPlain(b *testing.B) {
	body := plainComment
	for b.Loop() {
		if !Plain(body) {
			b.Fatal("not plain")
		}
	}
}

func BenchmarkPlainHTML(b *testing.B) {
	body := plainComment
	for b.Loop() {
		if PlainHTML(body) == "" {
			b.Fatal("nothing")
		}
	}
}
