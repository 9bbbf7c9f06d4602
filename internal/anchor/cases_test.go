package anchor

import (
	"encoding/json"
	"os"
	"testing"
)

// wanted is where a passage is in a case.
type wanted struct {
	Outcome    Outcome
	Start, End int
}

func (w wanted) is(p Place) bool {
	return p.Outcome == w.Outcome && p.Start == w.Start && p.End == w.End
}

// cases is testdata/cases.json, which the browser's matcher is held to as well.
type cases []struct {
	Name   string
	Text   *string
	Blocks []string
	Quote  Quote
	Want   wanted
}

// together is testdata/together.json: several passages of one text.
type together []struct {
	Name   string
	Blocks []string
	Quotes []Quote
	Want   []wanted
}

func TestCases(t *testing.T) {
	var all cases
	if readJSON(t, "testdata/cases.json", &all); len(all) < 60 {
		t.Fatalf("%d cases", len(all))
	}
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			text := NewText(c.Blocks...)
			if c.Text != nil {
				text = NewText(*c.Text)
			}
			got := text.Find(c.Quote)
			if !c.Want.is(got) {
				t.Errorf("%+v %q,\nwant %+v %q", got, text.Slice(got.Start, got.End), c.Want, text.Slice(c.Want.Start, c.Want.End))
			}
			if (got.Outcome == Found) != (got.By != "") || (got.Outcome == Changed) != (got.Why != "") {
				t.Errorf("%+v does not say how, or why not", got)
			}
		})
	}
}

func TestTogether(t *testing.T) {
	var all together
	if readJSON(t, "testdata/together.json", &all); len(all) < 6 {
		t.Fatalf("%d cases", len(all))
	}
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			text := NewText(c.Blocks...)
			for i, got := range text.FindAll(c.Quotes) {
				if !c.Want[i].is(got) {
					t.Errorf("passage %d %q: %+v %q,\nwant %+v", i, c.Quotes[i].Exact, got, text.Slice(got.Start, got.End), c.Want[i])
				}
			}
		})
	}
}

func readJSON(t *testing.T, file string, into any) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}
