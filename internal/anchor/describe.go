package anchor

import "strings"

// Describe makes a quote of the text from start to end (code points; white space at either end is left out), with
// the text around it: 32 code points on each side, and more, to [MaxContext], as long as the same stands elsewhere in
// the text too. Of a piece without words it gives an empty quote.
func (t *Text) Describe(start, end int) Quote {
	start, end = max(0, start), min(t.Len(), end)
	for start < end && t.runes[start] == ' ' {
		start++
	}
	for start < end && t.runes[end-1] == ' ' {
		end--
	}
	if start >= end {
		return Quote{}
	}
	around := nearContext
	for around < MaxContext && t.twice(start-around, end+around) && (start > around || end+around < t.Len()) {
		around *= 2
	}
	return Quote{t.Slice(start, end), t.Slice(start-around, start), t.Slice(end, end+around), start, end, true}
}

// twice tells whether the text from start to end stands in t more than once.
func (t *Text) twice(start, end int) bool {
	piece := t.Slice(start, end)
	return strings.Index(t.words, piece) != strings.LastIndex(t.words, piece)
}
