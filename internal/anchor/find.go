package anchor

// look is a passage that is looked for, with the places where its words stand.
type look struct {
	*query
	exact []place // best first as far as they were weighed
	few   bool    // exact is all of them
}

// Find looks for one passage by itself. Of words that stand in many places alike [Text.FindAll] can tell more.
func (t *Text) Find(q Quote) Place { return t.FindAll([]Quote{q})[0] }

// FindAll looks for passages that were described in one text, in whatever order, and gives a place for each. It
// gives the same every time, and takes no longer than docs/anchors.md says whatever it is given.
func (t *Text) FindAll(qs []Quote) []Place {
	all := make([]look, len(qs))
	for i, q := range qs {
		all[i].query = newQuery(q)
	}
	return t.findOn(t.ground(mosaic(all)), all)
}

// findOn finds passages when the ground is known.
func (t *Text) findOn(g ground, all []look) []Place {
	out := make([]Place, len(all))
	for i := range all {
		if out[i] = t.unfit(all[i].query); out[i].Why == "" {
			all[i].exact, all[i].few = t.exactly(all[i].query)
		}
		if out[i].Why == "" {
			out[i] = t.decide(&all[i], g)
		}
	}
	return out
}

// unfit refuses what cannot be looked for.
func (t *Text) unfit(q *query) Place {
	switch {
	case len(q.exact) == 0 || t.Len() == 0:
		return changed(WhyEmpty)
	case len(t.words) > MaxText:
		return changed(WhyLong)
	}
	return Place{}
}

func changed(why string) Place { return Place{Outcome: Changed, Why: why} }

func found(p *place, by string) Place {
	return Place{Outcome: Found, By: by, Start: p.start, End: p.end, Score: p.score}
}

// decide says where a passage is. First come its very words: where the ground moved them, else where their
// surroundings are. Then words near them: between the pieces of ground they stood between, else anywhere.
func (t *Text) decide(l *look, g ground) Place {
	n := t.neighbours(l, g)
	if p, by, ok := t.moved(l, &n); ok {
		return found(p, by)
	}
	if p, ok := t.between(l, &n); ok {
		return found(p, ByFuzzy)
	}
	if p, by, ok := t.alone(l, &n); ok {
		return found(p, by)
	}
	if len(l.exact) > 0 || !l.few {
		return changed(WhyAmbiguous)
	}
	return t.anywhere(l, &n)
}
