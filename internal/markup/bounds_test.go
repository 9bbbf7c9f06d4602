//go:build !race

// Nothing here runs at the same time as anything else, and times mean nothing
// under the race detector.

package markup

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"parley"
)

// tangles are shapes that cost a parser time with the square of their length
// or more: head, middle and tail, each repeated.
var tangles = [][3]string{
	{"*a**"}, {"*a _b "}, {"**a *b "}, {"*", "a", "*"}, {"_a"}, {"*a", "b", "a*"}, {"***a** b* "}, {"~~a ", "", "b~~"}, {"a**b_c"},
	{"["}, {"[", "a", "]"}, {"[a]("}, {"[a](<b"}, {`[a](b "c`}, {"![["}, {"![a", "", "](b)"}, {"[a](b)"}, {"](&["}, {"[a](", "\n", ")"},
	{"`a``b"}, {"\\```\n["}, {"``\n\\"}, {"`", "a", "``"}, {"` `` ``` ```` "},
	{"> "}, {">"}, {"> ", "a\n", "> "}, {"- "}, {"1. "}, {"1. ", "", "\n\n"}, {"1. ", "\n", "\n"}, {"> - "}, {"- 1. ", "\n\n", "x"}, {"- > ", "a\n", "\n"},
	{"- a\n"}, {"-\n"}, {"- a\n\n"}, {"> a\n\n"}, {"* * *\n"}, {"+ - * "}, {"\t- "}, {"    "},
	{"<a"}, {"<http://"}, {"<a@b"}, {"http://a.b "}, {"http://"}, {"(http://a.b/("}, {"www.a.b/("}, {"a@b.c "}, {"https://a.b/;;"}, {"*http://a.b*"},
	{"&"}, {"&a"}, {"&#x"}, {"&amp;"}, {"&CounterClockwiseContourIntegra"}, {"\\"}, {"\\*"}, {"[a]: b\n"}, {"[a]: b \"\n"},
	{"#"}, {"# a\n"}, {"a\n=\n"}, {"```\n"}, {"~~~\n"}, {"|a"}, {"a|b\n-|-\n"}, {"\n"}, {"a\n\n"}, {" "}, {"a "}, {"  \n"}, {"é"}, {"\u202e"}, {"\"'"}, {"<b>"},
}

// stretch repeats a tangle's parts to about size bytes.
func stretch(t [3]string, size int) string {
	times := size / len(t[0]+t[1]+t[2])
	return strings.Repeat(t[0], times) + strings.Repeat(t[1], times) + strings.Repeat(t[2], times)
}

// patience is what the worst body may take on a slow, busy machine. Without
// the bounds of this package several shapes take tens of seconds at MaxImport;
// with them, none takes more than a few hundredths at MaxBody.
const patience = 10 * time.Second

func TestTanglesAreBounded(t *testing.T) {
	var worst time.Duration
	for _, shape := range tangles {
		for _, size := range []int{MaxBody, MaxImport} {
			start := time.Now()
			rendered, err := Imported(stretch(shape, size))
			took := time.Since(start)
			if took > patience {
				t.Errorf("%q stretched to %d bytes took %v", shape, size, took)
			}
			if code := parley.CodeOf(err); code != "" && code != parley.CodeBodyEmpty {
				t.Errorf("%q: %v", shape, err)
			}
			if err := audit(rendered, commentElements); err != nil && size == MaxBody {
				t.Errorf("%q: %v", shape, err)
			}
			if size == MaxBody {
				worst = max(worst, took)
			}
		}
	}
	t.Logf("worst body of %d bytes: %v", MaxBody, worst)
}

// TestRandomTangles looks for shapes nobody thought of, from a fixed seed.
func TestRandomTangles(t *testing.T) {
	pieces := strings.Split("*|**|_|a| |[|]|(|)|](|![|`|``|> |- |1. |\n|\n\n|<|&|\\|~~|http://a.b|www.a.b|#|\t|    |\"|a@b.c|:|```\n|<http:", "|")
	random := rand.New(rand.NewPCG(1, 2))
	unit := func() string {
		var out strings.Builder
		for range 1 + random.IntN(4) {
			out.WriteString(pieces[random.IntN(len(pieces))])
		}
		return out.String()
	}
	for range 300 {
		shape := [3]string{unit(), unit(), unit()}
		start := time.Now()
		rendered, err := Comment(stretch(shape, MaxBody))
		if took := time.Since(start); took > patience {
			t.Errorf("%q took %v", shape, took)
		}
		if err == nil {
			err = audit(rendered, commentElements)
		}
		if err != nil && parley.CodeOf(err) != parley.CodeBodyEmpty {
			t.Errorf("%q: %v", shape, err)
		}
	}
}

// TestTooLongIsCheap refuses without looking at the text.
func TestTooLongIsCheap(t *testing.T) {
	huge := strings.Repeat("*a**", 8<<20)
	for name, refuse := range map[string]func(string) (string, error){
		"Comment": Comment, "Imported": Imported, "Clean": Clean, "FromHTML": FromHTML, "FromWordPress": FromWordPress,
	} {
		allocated := testing.AllocsPerRun(1, func() {
			if _, err := refuse(huge); parley.CodeOf(err) != parley.CodeBodyTooLong {
				t.Errorf("%s: got %v", name, err)
			}
		})
		if allocated > 10 {
			t.Errorf("%s: %v allocations to refuse", name, allocated)
		}
	}
	if _, err := Comment(strings.Repeat("a", MaxBody+1)); parley.CodeOf(err) != parley.CodeBodyTooLong {
		t.Errorf("one byte over: %v", err)
	}
	if _, err := Comment(strings.Repeat("a", MaxBody)); err != nil {
		t.Errorf("at the limit: %v", err)
	}
}

// TestHTMLTangles imports shapes that nest and misnest.
func TestHTMLTangles(t *testing.T) {
	for _, shape := range [][3]string{
		{"<b>"}, {"<div>"}, {"<blockquote>"}, {"<ul><li>"}, {"<ol><li>a"}, {"<a href=http://a.b>"}, {"<b><i>", "", "</b></i>"}, {"<p><b>"}, {"<table>"},
		{"<table><tr><td>"}, {"<b>", "a", "</b>"}, {"<li>a"}, {"<br>"}, {"<pre>`"}, {"<code>`"}, {"<em>a</em>"}, {"<i>a</i> "}, {"&amp;"}, {"*"}, {"_a"}, {"[a](b)"},
		{"<"}, {"</p>"}, {"<h1>a"}, {"\n"}, {"a\n\n"}, {"<img src=http://a.b alt=c>"}, {"<strong> a"}, {"<del>"}, {"1. "}, {"> "}, {"<hr>"}, {"<dl><dt>"}, {"["}, {"[" + strings.Repeat("a", 12)},
	} {
		source := stretch(shape, MaxImport)
		start := time.Now()
		body, err := FromWordPress(source)
		if took := time.Since(start); took > patience {
			t.Errorf("%q took %v", shape, took)
		}
		if err != nil && parley.CodeOf(err) == parley.CodeInternal {
			t.Errorf("%q: %v", shape, err)
		}
		rendered, err := Imported(body)
		if err == nil {
			err = audit(rendered, commentElements)
		}
		if err != nil && parley.CodeOf(err) != parley.CodeBodyEmpty {
			t.Errorf("%q: %v", shape, err)
		}
	}
}
