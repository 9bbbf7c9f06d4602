package anchor

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestNewText(t *testing.T) {
	for _, c := range []struct {
		blocks []string
		want   string
	}{
		{nil, ""},
		{[]string{"", " \n"}, ""},
		{[]string{"\ta\u00a0\u2003b\r\nc "}, "a b c"},
		{[]string{"one", "", "two\n"}, "one two"},
		{[]string{"e\u0301", "\u0301e"}, "é \u0301e"},
		{[]string{"a\u200bb\u00adc\ufeff"}, "a\u200bb\u00adc\ufeff"},
		{[]string{"a\x85b\x80c"}, "a\ufffdb\ufffdc"},
		{[]string{"a\u0085b"}, "a b"},
	} {
		if got := NewText(c.blocks...); got.String() != c.want || got.Len() != len([]rune(c.want)) {
			t.Errorf("%q: %q, %d code points; want %q", c.blocks, got, got.Len(), c.want)
		}
	}
}

func TestBlock(t *testing.T) {
	text := NewText("", "ab", "\n", "🚢d", "")
	for pos, want := range map[int]int{-5: 1, 0: 1, 1: 1, 2: 1, 3: 3, 4: 3, 5: 3, 99: 3} {
		if got := text.Block(pos); got != want {
			t.Errorf("position %d of %q is in block %d, want %d", pos, text, got, want)
		}
	}
	if got := NewText("", "").Block(0); got != -1 {
		t.Errorf("no text, block %d", got)
	}
}

func TestSlice(t *testing.T) {
	text := NewText("a🚢é d")
	for _, c := range []struct {
		start, end int
		want       string
	}{{0, 5, "a🚢é d"}, {1, 3, "🚢é"}, {-4, 2, "a🚢"}, {3, 99, " d"}, {4, 2, ""}, {7, 9, ""}} {
		if got := text.Slice(c.start, c.end); got != c.want {
			t.Errorf("%d to %d: %q, want %q", c.start, c.end, got, c.want)
		}
	}
}

func TestDescribe(t *testing.T) {
	text := NewText("The council met on Tuesday evening in the old customs house, and the harbour master was not told until the vote was over.")
	q := text.Describe(64, 84)
	want := Quote{"the harbour master", "evening in the old customs house, and "[6:], " was not told until the vote was", 65, 83, true}
	if q != want {
		t.Errorf("%+v\nwant %+v", q, want)
	}
	if got := text.Describe(64, 65); got != (Quote{}) {
		t.Errorf("a space: %+v", got)
	}
	if got := text.Describe(-9, 999); got.Exact != text.String() || got.Prefix != "" || got.Suffix != "" || got.Start != 0 || got.End != text.Len() {
		t.Errorf("all of it: %+v", got)
	}

	refrain := strings.Repeat("We were told to wait, and we waited. ", 3)
	verse := NewText("One morning in March it began. " + refrain + "Then somebody laughed. " + refrain + "Nobody laughed again.")
	start := strings.LastIndex(verse.String(), "told to wait")
	q = verse.Describe(start-37, start-25)
	if strings.Count(verse.String(), q.Prefix+q.Exact+q.Suffix) != 1 || len(q.Prefix) <= nearContext {
		t.Errorf("what stands twice is described so: %+v", q)
	}
}

func TestQuoteJSON(t *testing.T) {
	full := Quote{"the words", "before ", " after", 7, 16, true}
	bare := Quote{Exact: "the words"}
	for raw, want := range map[string]Quote{
		`{"id":"x","exact":"the words","prefix":"before ","suffix":" after","start":7,"end":16}`: full,
		`{"exact":"the words"}`: bare,
		`{"selector":{"type":"TextQuoteSelector","exact":"the words"}}`: bare,
		`{"selector":[{"type":"XPathSelector","value":"/p[1]"},{"type":"TextPositionSelector","start":7,"end":16},{"type":"TextQuoteSelector","exact":"the words","prefix":"before ","suffix":" after"}]}`:        full,
		`{"target":{"source":"https://harbour.example/1","selector":[{"type":"TextQuoteSelector","exact":"the words","prefix":"before ","suffix":" after"},{"type":"TextPositionSelector","start":7,"end":16}]}}`: full,
		`{"target":["https://harbour.example/1",{"selector":{"type":"TextQuoteSelector","exact":"the words"}},{"selector":{"type":"TextQuoteSelector","exact":"others"}}]}`:                                       bare,
		`{"exact":"the words","start":7}`: bare,
	} {
		var got Quote
		if err := json.Unmarshal([]byte(raw), &got); err != nil || got != want {
			t.Errorf("%s\nis %+v (%v)\nwant %+v", raw, got, err, want)
		}
	}
	for _, raw := range []string{`{}`, `[]`, `"x"`, `{"start":1,"end":2}`, `{"exact":3}`, `{"exact":"a","start":5,"end":2}`, `{"exact":"a","start":-1,"end":2}`, `{"selector":[3]}`, `{"target":"https://harbour.example"}`} {
		var got Quote
		if err := json.Unmarshal([]byte(raw), &got); err == nil {
			t.Errorf("%s is taken for %+v", raw, got)
		}
	}
	for _, q := range []Quote{full, bare, {Exact: "a", HasPosition: true}} {
		flat, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		nested, err := json.Marshal(map[string]any{"selector": q.Selectors()})
		if err != nil {
			t.Fatal(err)
		}
		for _, raw := range [][]byte{flat, nested} {
			var back Quote
			if err := json.Unmarshal(raw, &back); err != nil || !reflect.DeepEqual(back, q) {
				t.Errorf("%s is read back as %+v (%v)", raw, back, err)
			}
		}
	}
}

// TestCarry moves a paragraph past ten others that are alike: only who knows the old text can tell them apart.
func TestCarry(t *testing.T) {
	line := "Bread is dear and coal is dear, and nobody will say for how long."
	old := make([]string, 10)
	for i := range old {
		old[i] = line
	}
	old[4] = "Bread is dear and coal is dear, and the council knows for how long."
	later := append([]string{"There was a time when it was not so."}, old...)
	before, after := NewText(old...), NewText(later...)
	var quotes []Quote
	for i := range old {
		at := strings.Index(before.String()[i*20:], "coal") + i*20 // one in each, near enough
		quotes = append(quotes, Quote{Exact: before.Slice(at, at+12), Start: at, End: at + 12, HasPosition: true})
	}
	for i, p := range Carry(before, after, quotes) {
		if p.Outcome != Found || p.Start != quotes[i].Start+len(later[0])+1 {
			t.Errorf("passage %d at %d: %+v", i, quotes[i].Start, p)
		}
	}
	wrong := Quote{Exact: "the council knows", Start: 3, End: 20, HasPosition: true}
	if p := Carry(before, after, []Quote{wrong})[0]; p.Outcome != Found || after.Slice(p.Start, p.End) != wrong.Exact {
		t.Errorf("a passage that says a wrong position: %+v", p)
	}
	for i, p := range Carry(before, before, quotes) {
		if p.Outcome != Found || p.Start != quotes[i].Start {
			t.Errorf("in the same text passage %d: %+v", i, p)
		}
	}
}

// TestFindAllIsBounded gives so much to look for that the rest must be refused, in words that repeat.
func TestFindAllIsBounded(t *testing.T) {
	text := NewText(strings.Repeat("The mine voted to move. ", 3000))
	long := strings.Repeat("The mine vated to mave. ", 800)
	quotes := make([]Quote, 400)
	for i := range quotes {
		quotes[i] = Quote{Exact: long[i:], Prefix: strings.Repeat("x", 9000), Start: i, End: i + len(long), HasPosition: true}
	}
	why := map[string]int{}
	for _, p := range text.FindAll(quotes) {
		why[p.Why]++
	}
	if why[WhyLong] == 0 || why[WhyLong] == len(quotes) {
		t.Errorf("400 passages of 20,000 characters: %v", why)
	}
	if p := NewText(strings.Repeat("a ", MaxText)).Find(Quote{Exact: "a"}); p.Why != WhyLong {
		t.Errorf("a text that is too long: %+v", p)
	}
}
