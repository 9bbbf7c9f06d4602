package anchor

import (
	"encoding/json"
	"os"
	"testing"
)

// cases is testdata/cases.json, which the browser's matcher is held to as well.
type cases []struct {
	Name   string
	Text   *string
	Blocks []string
	Quote  Quote
	Want   struct {
		Outcome    Outcome
		Start, End int
	}
}

func TestCases(t *testing.T) {
	raw, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var all cases
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 60 {
		t.Fatalf("%d cases", len(all))
	}
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			text := NewText(c.Blocks...)
			if c.Text != nil {
				text = NewText(*c.Text)
			}
			got := text.Find(c.Quote)
			if got.Outcome != c.Want.Outcome || got.Start != c.Want.Start || got.End != c.Want.End {
				t.Errorf("%+v %q,\nwant %+v %q", got, text.Slice(got.Start, got.End), c.Want, text.Slice(c.Want.Start, c.Want.End))
			}
			if (got.Outcome == Found) != (got.By != "") || (got.Outcome == Changed) != (got.Why != "") {
				t.Errorf("%+v does not say how, or why not", got)
			}
		})
	}
}
