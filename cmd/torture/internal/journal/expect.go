package journal

import "slices"

// expected is what a comment may be by the journal. While a request about it has no answer there are two
// possibilities; otherwise there is one.
type expected struct {
	made      *Entry
	texts     []string
	states    []string
	least     int // edits that must have been kept
	most      int
	decisions []step // of moderators, in order
}

// step is something that was done, or may have been.
type step struct {
	what    string
	certain bool
}

// expectations reads the journal. Requests about one comment are sent one after the other by one worker, and none
// follows one whose outcome is unknown; so their order is that of N.
func expectations(entries []Entry) (byID map[string]*expected, byKey map[string]*expected) {
	byID, byKey = map[string]*expected{}, map[string]*expected{}
	for i := range entries {
		e := &entries[i]
		outcome := e.Outcome()
		if e.Kind.Comments() {
			x := &expected{made: e, texts: []string{e.Text}, states: []string{published}}
			byKey[e.Key] = x
			if outcome == Acknowledged {
				byID[e.ID()] = x
			}
			continue
		}
		if x := byID[e.Subject]; x != nil && outcome != Refused {
			x.change(e, outcome == Acknowledged)
		}
	}
	return byID, byKey
}

// change applies a request that was done, or may have been.
func (x *expected) change(e *Entry, certain bool) {
	to := func(all []string, one string) []string {
		if certain {
			return []string{one}
		}
		return append(slices.Clone(all), one)
	}
	switch e.Kind {
	case Edit:
		x.texts = to(x.texts, e.Text)
		x.most++
		if certain {
			x.least++
		}
	case Withdraw:
		x.states = to(x.states, withdrawn)
	case Remove:
		x.states = to(x.states, removed)
		x.decisions = append(x.decisions, step{"remove", certain})
	case Restore:
		x.states = to(x.states, published)
		x.decisions = append(x.decisions, step{"restore", certain})
	}
}

// marks gives, for every mark of two opposite kinds, whether it may be set and whether it may be unset. One reader's
// requests about one target are sent one after the other.
func marks(entries []Entry, set, unset Kind) map[Mark][2]bool {
	const off, on = 0, 1
	all := map[Mark][2]bool{}
	for i := range entries {
		e := &entries[i]
		if e.Kind != set && e.Kind != unset {
			continue
		}
		mark := Mark{e.Reader, e.Subject}
		may, known := all[mark]
		if !known {
			may = [2]bool{off: true}
		}
		to := off
		if e.Kind == set {
			to = on
		}
		switch e.Outcome() {
		case Acknowledged:
			may = [2]bool{to == off, to == on}
		case Unknown:
			may[to] = true
		}
		all[mark] = may
	}
	return all
}
