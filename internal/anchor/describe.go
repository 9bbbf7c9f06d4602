package anchor

import (
	"errors"
	"hash/maphash"
	"strings"
)

// tellable is how much of a context may stand at another place before more context is taken in: texts of the same
// words share that much anyhow.
const tellable = 0.75

// Describe makes the passage from start to end (code points; white space at either end is left out) of t. Its
// context grows until no other place fits it well, or to [MaxContext]. It gives an error when nothing is left.
func (t *Text) Describe(start, end int) (Passage, error) {
	start, end = max(0, start), min(t.Len(), end)
	for start < end && t.runes[start] == ' ' {
		start++
	}
	for start < end && t.runes[end-1] == ' ' {
		end--
	}
	if start >= end {
		return Passage{}, errors.New("describe passage: no text between its ends")
	}
	p := Passage{Exact: t.Slice(start, end), Start: start, End: end, Text: t.digest()}
	others, few := t.others(start, end)
	if !few {
		p.Prefix, p.Suffix = t.Slice(start-leastContext, start), t.Slice(end, end+leastContext)
		p.Rival = &Rival{[]float64{1}, []float64{1}}
		return p, nil
	}
	before, after := leastContext, leastContext
	for {
		p.Prefix, p.Suffix = t.Slice(start-before, start), t.Slice(end, end+after)
		p.Rival = t.rival(newQuery(p), others)
		more := false
		if open(p.Rival.Prefix) && before < min(MaxContext, start) {
			before, more = before*2, true
		}
		if open(p.Rival.Suffix) && after < min(MaxContext, t.Len()-end) {
			after, more = after*2, true
		}
		if !more {
			return p, nil
		}
	}
}

// open tells whether a rival still fits too well at the largest scale.
func open(rival []float64) bool { return len(rival) > 0 && rival[len(rival)-1] > tellable }

// others gives the places other than start to end where the same words stand or something near them; false when
// they are too many to tell. The ends of the latter are not known to more than edits.
func (t *Text) others(start, end int) (all []other, few bool) {
	words := t.Slice(start, end)
	q := &query{words: words, exact: t.runes[start:end], hint: start, midStart: !t.boundary(start), midEnd: !t.boundary(end)}
	same, few := t.exactly(q)
	for _, p := range same {
		if p.start != start {
			all = append(all, other{p.start, p.end, 0})
		}
	}
	near, _ := t.hits(q)
	for _, h := range near {
		if away := max(h.end-end, end-h.end); h.edits > 0 && 2*away > end-start {
			all = append(all, other{max(0, h.end-len(q.exact)), h.end, h.edits})
		}
	}
	return all, few
}

// other is a place that is nearly that of a passage.
type other struct{ start, end, edits int }

// rival gives the most of q's context that stands beside any of the others.
func (t *Text) rival(q *query, others []other) *Rival {
	if len(others) == 0 {
		return &Rival{}
	}
	r := &Rival{make([]float64, max(1, len(q.prefix.scales))), make([]float64, max(1, len(q.suffix.scales)))}
	for _, o := range others {
		t.most(&q.prefix, r.Prefix, o.start-o.edits, o.start+o.edits)
		t.most(&q.suffix, r.Suffix, o.end-o.edits, o.end+o.edits)
	}
	return r
}

// repetitive tells whether a text says the same several times: when more than one in fifty of its words begins a
// run of six that began before. Prose of 3,000 words has one or two such runs; a text of refrains, hundreds.
func repetitive(words string) bool {
	const run, oneIn = 6, 50
	seed := maphash.MakeSeed()
	all := strings.Split(words, " ")
	seen := make(map[uint64]bool, len(all))
	again, from := 0, 0
	for i, first := range all {
		if i+run > len(all) {
			break
		}
		length := 0
		for _, one := range all[i : i+run] {
			length += len(one) + 1
		}
		sum := maphash.String(seed, words[from:from+length-1])
		if seen[sum] {
			again++
		}
		seen[sum] = true
		from += len(first) + 1
	}
	return again*oneIn > len(all)
}
