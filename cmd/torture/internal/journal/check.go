package journal

import (
	"fmt"
	"slices"
	"strings"
)

// checker gathers violations.
type checker struct {
	entries []Entry
	s       *Snapshot
	byID    map[string]*expected
	byKey   map[string]*expected
	found   []Violation
}

func (c *checker) find(rule, format string, args ...any) {
	c.found = append(c.found, Violation{rule, fmt.Sprintf(format, args...)})
}

// Check holds a snapshot against the journal of everything that was ever asked of the forum, from the moment on when
// it held no comment. settled says that every request has been answered by now.
func Check(entries []Entry, s *Snapshot, settled bool) []Violation {
	c := &checker{entries: entries, s: s}
	c.byID, c.byKey = expectations(entries)
	c.acknowledged()
	c.present()
	c.keys()
	c.checkMarks("recommendation", s.Recommended, Recommend, Unrecommend)
	c.checkMarks("follow", s.Followed, Follow, Unfollow)
	c.counts()
	c.events()
	for _, fault := range s.Faults {
		c.find(Damage, "%s", fault)
	}
	if settled {
		c.settled()
	}
	return c.found
}

// token gives the key that words begin with.
func token(text string) string {
	key, _, _ := strings.Cut(text, ":")
	return key
}

// acknowledged looks for everything that must be there.
func (c *checker) acknowledged() {
	for id, x := range c.byID {
		row, there := c.s.Comments[id]
		if !there {
			c.find(Lost, "%s %s was acknowledged as %s and is not there", x.made.Kind, x.made.Key, id)
			continue
		}
		for _, t := range x.made.Tries {
			if t.Status/100 == 2 && t.ID != id {
				c.find(Doubled, "%s was answered with %s and with %s", x.made.Key, id, t.ID)
			}
		}
		c.same(id, x, row)
	}
}

// same compares a comment with what it must be.
func (c *checker) same(id string, x *expected, row Row) {
	e := x.made
	if row.Story != e.Story || row.Author != e.Reader || row.Parent != e.Parent || row.Reason != (e.Kind == Reason) {
		c.find(Changed, "%s (%s) has another story, author, parent or kind: %+v", e.Key, id, row)
	}
	if !slices.Contains(x.texts, row.Body) {
		rule := Changed
		if x.least > 0 {
			rule = Lost // an acknowledged edit, most likely
		}
		c.find(rule, "%s (%s) reads %.80q, must read %.80q", e.Key, id, row.Body, x.texts)
	}
	if !slices.Contains(x.states, row.State) {
		c.find(Lost, "%s (%s) is %s, must be %s", e.Key, id, row.State, strings.Join(x.states, " or "))
	}
	if n := c.s.Earlier[id]; n < x.least {
		c.find(Lost, "%s (%s) has %d earlier texts, %d edits were acknowledged", e.Key, id, n, x.least)
	} else if n > x.most {
		c.find(Doubled, "%s (%s) has %d earlier texts, %d edits were asked for", e.Key, id, n, x.most)
	}
	c.decisions(id, x)
}

// decisions compares what moderators decided with what is kept of it.
func (c *checker) decisions(id string, x *expected) {
	kept := c.s.Decisions[id]
	for _, d := range x.decisions {
		switch {
		case len(kept) > 0 && kept[0] == d.what:
			kept = kept[1:]
		case d.certain:
			c.find(Lost, "the decision to %s %s is not kept", d.what, id)
		}
	}
	if len(kept) > 0 {
		c.find(Doubled, "of %s decisions are kept that were not made, or twice: %s", id, strings.Join(kept, ", "))
	}
}

// present looks at everything that is there: was it asked for, not refused, and is it there once?
func (c *checker) present() {
	copies := map[string][]string{}
	for id, row := range c.s.Comments {
		key := token(row.Body)
		copies[key] = append(copies[key], id)
		x := c.byKey[key]
		switch {
		case x == nil:
			c.find(Stray, "comment %s was asked for by nobody: %.80q", id, row.Body)
		case x.made.Outcome() == Refused:
			c.find(Stray, "%s was refused and is there as %s", key, id)
		case x.made.Outcome() == Unknown:
			c.same(id, x, row)
		}
	}
	for key, ids := range copies {
		if len(ids) > 1 {
			slices.Sort(ids)
			c.find(Doubled, "%s is there %d times: %s", key, len(ids), strings.Join(ids, ", "))
		}
	}
	c.reasons()
}

// reasons looks whether answers to questions and their reasons are there together.
func (c *checker) reasons() {
	for id, row := range c.s.Comments {
		reader, answered := c.s.Reasons[id]
		if row.Reason != answered || answered && reader != row.Author {
			c.find(Changed, "of reason %s only half is there, or another reader's: %+v", id, row)
		}
	}
	for id := range c.s.Reasons {
		if _, there := c.s.Comments[id]; !there {
			c.find(Changed, "an answer is there whose reason %s is not", id)
		}
	}
}

// keys holds what is remembered of Idempotency-Keys against the comments: both or neither.
func (c *checker) keys() {
	for id, row := range c.s.Comments {
		if kept := c.s.Keys[Mark{row.Author, token(row.Body)}]; kept != id {
			c.find(Changed, "the key of %s is remembered for %q", id, kept)
		}
	}
	for mark, id := range c.s.Keys {
		if _, there := c.s.Comments[id]; !there {
			c.find(Changed, "the key %s is remembered for %s, which is not there", mark.Target, id)
		}
	}
}

func (c *checker) checkMarks(name string, kept map[Mark]bool, set, unset Kind) {
	asked := marks(c.entries, set, unset)
	for mark, may := range asked {
		switch {
		case kept[mark] && !may[1]:
			c.find(Lost, "the end of a %s by %s of %s was acknowledged, and it stands", name, mark.Reader, mark.Target)
		case !kept[mark] && !may[0]:
			c.find(Lost, "a %s by %s of %s was acknowledged and is not there", name, mark.Reader, mark.Target)
		}
	}
	for mark := range kept {
		if _, known := asked[mark]; !known {
			c.find(Stray, "a %s by %s of %s was asked for by nobody", name, mark.Reader, mark.Target)
		}
	}
}

// settled looks for requests that never got an answer, long after the fault was over.
func (c *checker) settled() {
	for i := range c.entries {
		e := &c.entries[i]
		if e.Outcome() != Unknown {
			continue
		}
		last := e.Tries[len(e.Tries)-1]
		if last.Status/100 != 4 { // a mark on what has gone meanwhile stays unknown
			c.find(Answer, "%s %s, sent again with the forum whole, was answered with %d %s%s", e.Kind, e.Key, last.Status, last.Code, last.Why)
		}
	}
}
