package anchor

// truth is where a passage of the words first..last of the first draft is after edits, from the words' own record.
type truth struct {
	first, last int     // words of the new version, -1 when none is left
	changed     float64 // share of its words replaced, misspelt, removed or come in between
	apart       bool    // its words no longer stand together
}

func track(after []token, first, last int) truth {
	t := truth{first: -1}
	kept, same := 0, 0
	for i, one := range after {
		if one.origin < first || one.origin > last {
			continue
		}
		if t.first < 0 {
			t.first = i
		}
		t.last = i
		kept++
		if !one.edited {
			same++
		}
	}
	words := last - first + 1
	if t.first < 0 {
		return t
	}
	between := t.last - t.first + 1 - kept
	t.changed = min(1, float64(words-same+between)/float64(words))
	for i := t.first; i <= t.last; i++ {
		if o := after[i].origin; o >= 0 && (o < first || o > last) {
			t.apart = true
		}
	}
	t.apart = t.apart || between > words/2+1 // whole sentences came in between
	return t
}

func (t truth) kind(lost bool) int {
	switch {
	case t.first < 0:
		return removed
	case lost:
		return torn
	case t.changed == 0:
		return untouched
	case t.changed <= 0.2:
		return light
	}
	return heavy
}

// at tells whether a place is that of the passage, each end at most a word off.
func (t truth) at(after []token, p Place) bool {
	if t.first < 0 {
		return false
	}
	start, end := wordPlaces(after)
	within := func(edges []int, x, i int) bool {
		return x >= edges[max(0, i-1)] && x <= edges[min(len(edges)-1, i+1)]
	}
	return within(start, p.Start, t.first) && within(end, p.End, t.last)
}

// wordPlaces gives where each word starts and ends in the normalised text.
func wordPlaces(all []token) (start, end []int) {
	at := 0
	for _, one := range all {
		n := len([]rune(one.word))
		start, end = append(start, at), append(end, at+n)
		at += n + 1
	}
	return start, end
}
