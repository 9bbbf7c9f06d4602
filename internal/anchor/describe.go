package anchor

import (
	"errors"
	"hash/maphash"
	"strings"
)

// tellable is how many edits must be between a context and what stands beside any other place before no more of it
// is taken in: a sentence, which may come in beside the passage or go.
const tellable = 96

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
		p.Rival = &Rival{[]int{0}, []int{0}}
		return p, nil
	}
	before, after := leastContext, leastContext
	for {
		p.Prefix, p.Suffix = t.Slice(start-before, start), t.Slice(end, end+after)
		q := newQuery(p)
		p.Rival = t.rival(q, others)
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

// open tells whether a rival still fits too well.
func open(rival []int) bool { return len(rival) > 0 && rival[len(rival)-1] < tellable }

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

// rival gives how near q's context is to what stands beside any of the others.
func (t *Text) rival(q *query, others []other) *Rival {
	if len(others) == 0 {
		return &Rival{}
	}
	all := func(c *context) []int { // no place is worse than this
		if len(c.scales) == 0 {
			return []int{leastContext}
		}
		edits := make([]int, len(c.scales))
		for i := range edits {
			edits[i] = c.size(i)
		}
		return edits
	}
	r := &Rival{all(&q.prefix), all(&q.suffix)}
	for _, o := range others {
		t.fewest(&q.prefix, r.Prefix, o.start-o.edits, o.start+o.edits)
		t.fewest(&q.suffix, r.Suffix, o.end-o.edits, o.end+o.edits)
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
