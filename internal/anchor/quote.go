package anchor

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Quote describes a passage of a text, so that it can be found in a later version of that text. Positions are code
// points of the normalised text (see [NewText]).
type Quote struct {
	Exact      string // the words
	Prefix     string // text right before them
	Suffix     string // text right after them
	Start, End int    // where they stood: a hint
	// HasPosition tells whether Start and End are known.
	HasPosition bool
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

// The types of [Selector].
const (
	quoteSelector    = "TextQuoteSelector"
	positionSelector = "TextPositionSelector"
)

// Selectors gives the passage as the W3C's selectors, the position last and only when known.
func (q Quote) Selectors() []Selector {
	all := []Selector{{Type: quoteSelector, Exact: q.Exact, Prefix: q.Prefix, Suffix: q.Suffix}}
	if q.HasPosition {
		all = append(all, Selector{Type: positionSelector, Start: &q.Start, End: &q.End})
	}
	return all
}

// MarshalJSON writes all values side by side: {"exact", "prefix", "suffix", "start", "end"}.
func (q Quote) MarshalJSON() ([]byte, error) {
	flat := struct {
		Exact  string `json:"exact"`
		Prefix string `json:"prefix,omitempty"`
		Suffix string `json:"suffix,omitempty"`
		Start  *int   `json:"start,omitempty"`
		End    *int   `json:"end,omitempty"`
	}{Exact: q.Exact, Prefix: q.Prefix, Suffix: q.Suffix}
	if q.HasPosition {
		flat.Start, flat.End = &q.Start, &q.End
	}
	return json.Marshal(flat)
}

// UnmarshalJSON reads what [Quote.MarshalJSON] writes, an object with a "selector", or an annotation whose "target"
// holds one. A selector is one or a list; of several of a kind the first counts, and other kinds are passed over. It
// gives an error when there is no quote at all, or the position is not that of a piece of text.
func (q *Quote) UnmarshalJSON(data []byte) error {
	var in struct {
		Exact          *string
		Prefix, Suffix string
		Start, End     *int
		Selector       oneOrMore[Selector]
		Target         oneOrMore[struct{ Selector oneOrMore[Selector] }]
	}
	if err := json.Unmarshal(data, &in); err != nil {
		return fmt.Errorf("read passage: %w", err)
	}
	all := in.Selector
	for _, target := range in.Target {
		all = append(all, target.Selector...)
	}
	if in.Exact != nil {
		all = append(oneOrMore[Selector]{{Type: quoteSelector, Exact: *in.Exact, Prefix: in.Prefix, Suffix: in.Suffix}}, all...)
	}
	all = append(all, Selector{Type: positionSelector, Start: in.Start, End: in.End})
	quoted := false
	*q = Quote{}
	for _, s := range all {
		switch {
		case s.Type == quoteSelector && !quoted:
			quoted, q.Exact, q.Prefix, q.Suffix = true, s.Exact, s.Prefix, s.Suffix
		case s.Type == positionSelector && !q.HasPosition && s.Start != nil && s.End != nil:
			q.HasPosition, q.Start, q.End = true, *s.Start, *s.End
		}
	}
	if !quoted {
		return errors.New("read passage: no TextQuoteSelector and no exact words")
	}
	if q.HasPosition && (q.Start < 0 || q.End < q.Start) {
		return errors.New("read passage: start and end are not those of a piece of text")
	}
	return nil
}

// oneOrMore reads a list, or one value as a list of one, as JSON-LD has it.
type oneOrMore[T any] []T

// UnmarshalJSON passes over what is not an object: a bare address says nothing about the place.
func (o *oneOrMore[T]) UnmarshalJSON(data []byte) error {
	var all []json.RawMessage
	if data[0] != '[' {
		all = append(all, data)
	} else if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	for _, raw := range all {
		if raw[0] != '{' {
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
