package anchor

import "strings"

// repeats tells how much of a text occurs in it again.
type repeats struct{}

// Find looks for one passage. See [Text.FindAll].
func (t *Text) Find(q Quote) Place { return t.FindAll([]Quote{q})[0] }

// FindAll looks for passages of one text together and gives a place for each, in order.
func (t *Text) FindAll(qs []Quote) []Place {
	out := make([]Place, len(qs))
	for i, q := range qs {
		out[i] = Place{Outcome: Changed, Why: WhyGone}
		words := strings.Trim(fold(q.Exact), " ")
		if words == "" {
			out[i].Why = WhyEmpty
		} else if b := strings.Index(t.words, words); b >= 0 && strings.LastIndex(t.words, words) == b {
			start := t.position(b)
			out[i] = Place{Outcome: Found, By: ByExact, Start: start, End: start + len([]rune(words)), Score: 1}
		} else if b >= 0 {
			out[i].Why = WhyAmbiguous
		}
	}
	return out
}

// Describe makes a quote of the text from start to end (code points; white space at either end is left out), with
// the text around it. Of an empty piece Exact is empty.
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
	return Quote{t.Slice(start, end), t.Slice(start-32, start), t.Slice(end, end+32), start, end, true}
}

// Carry finds the passages of old in a later version of it.
func Carry(old, later *Text, qs []Quote) []Place { return later.FindAll(qs) }
