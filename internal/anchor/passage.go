package anchor

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Passage is some words of a text, described so that they can be found in a later version of it.
type Passage struct {
	ID     string // the caller's own
	Exact  string // the words
	Prefix string // text right before them, of which the nearest [MaxContext] code points count
	Suffix string // text right after them, as much
	Start  int    // where they stood, in code points of the normalised text: a hint
	End    int    // 0: not known

	// The two below are not of the W3C's model; annotations made elsewhere do without.

	// Rival is how well other places fitted this description when it was made, nil when not known. A place that
	// fits no better later may be one of those.
	Rival *Rival
	// Text is the [Text.Digest] of the text when the description was made: in that very text the place is certain,
	// however often the words stand there.
	Text string
}

// Rival tells how near a passage's context was, when it was described, to what stood beside other places where its
// words or something near them stood: the fewest edits of one code point that make the one of the other, for the
// nearest 32 code points of the context, the nearest 64 and so on to the whole; empty when there was no other
// place. The sides are apart because an edit can put one side of the passage next to such a place: removing the
// passage does.
type Rival struct {
	Prefix []int `json:"prefix"`
	Suffix []int `json:"suffix"`
}

// Selector is one selector of the W3C's model: a TextQuoteSelector or a TextPositionSelector.
type Selector struct {
	Type   string `json:"type"`
	Exact  string `json:"exact,omitempty"`
	Prefix string `json:"prefix,omitempty"`
	Suffix string `json:"suffix,omitempty"`
	Start  *int   `json:"start,omitempty"`
	End    *int   `json:"end,omitempty"`
}

// Selectors gives the passage as the W3C's selectors, the position last and only when known.
func (p Passage) Selectors() []Selector {
	all := []Selector{{Type: "TextQuoteSelector", Exact: p.Exact, Prefix: p.Prefix, Suffix: p.Suffix}}
	if p.End > 0 {
		all = append(all, Selector{Type: "TextPositionSelector", Start: &p.Start, End: &p.End})
	}
	return all
}

type selected struct {
	ID       string     `json:"id,omitempty"`
	Selector []Selector `json:"selector"`
	Rival    *Rival     `json:"rival,omitempty"`
	Text     string     `json:"text,omitempty"`
}

// MarshalJSON writes {"id", "selector": [quote, position], "rival", "text"}.
func (p Passage) MarshalJSON() ([]byte, error) {
	return json.Marshal(selected{p.ID, p.Selectors(), p.Rival, p.Text})
}

// UnmarshalJSON reads what [Passage.MarshalJSON] writes, an annotation whose target holds the selectors, or all
// values side by side: {"id", "exact", "prefix", "suffix", "start", "end"}. One selector needs no list around it;
// of several of a kind the first counts, and other kinds are passed over. A passage needs a quote or a position.
func (p *Passage) UnmarshalJSON(data []byte) error {
	var in struct {
		ID string
		Selector
		Selectors oneOrMore[Selector] `json:"selector"`
		Target    oneOrMore[struct {
			Selectors oneOrMore[Selector] `json:"selector"`
		}]
		Rival *Rival
		Text  string
	}
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("read passage: %w", err)
	}
	*p = Passage{ID: in.ID, Rival: in.Rival, Text: in.Text}
	all := in.Selectors
	for _, target := range in.Target {
		all = append(all, target.Selectors...)
	}
	if in.Exact != "" || in.Start != nil {
		quote, position := in.Selector, in.Selector
		quote.Type, position.Type = "TextQuoteSelector", "TextPositionSelector"
		all = append(all, quote, position)
	}
	for _, s := range all {
		switch {
		case s.Type == "TextQuoteSelector" && p.Exact == "":
			p.Exact, p.Prefix, p.Suffix = s.Exact, s.Prefix, s.Suffix
		case s.Type == "TextPositionSelector" && p.End == 0 && s.Start != nil && s.End != nil:
			p.Start, p.End = *s.Start, *s.End
		}
	}
	if p.Start < 0 || p.End < p.Start {
		return errors.New("read passage: start and end are not those of a piece of text")
	}
	if p.Exact == "" && p.End == 0 {
		return errors.New("read passage: neither a quote nor a position")
	}
	return nil
}

// oneOrMore reads a list, or one value as a list of one, as JSON-LD has it.
type oneOrMore[T any] []T

func (o *oneOrMore[T]) UnmarshalJSON(data []byte) error {
	all := []json.RawMessage{data}
	if data[0] == '[' {
		if err := json.Unmarshal(data, &all); err != nil {
			return err
		}
	}
	for _, raw := range all {
		if raw[0] != '{' { // a bare address, which says nothing about the place
			continue
		}
		var one T
		if err := json.Unmarshal(raw, &one); err != nil {
			return err
		}
		*o = append(*o, one)
	}
	return nil
}
