package journal

// The kinds of events that concern what the journal knows of.
const (
	eventPublished   = "comment.published"
	eventEdited      = "comment.edited"
	eventWithdrawn   = "comment.withdrawn"
	eventRemoved     = "comment.removed"
	eventRecommended = "comment.recommended"
	eventRefreshed   = "story.refreshed"
)

// events holds the log against the rows: without a gap, each fact once, causes before what they cause, and revisions
// that only rise.
func (c *checker) events() {
	said := map[string]map[string]int{} // comment → kind → how often
	at := map[string]int64{}            // comment → the event of its appearance
	recommended := map[string]int{}     // as last told
	revision := map[string]int64{}
	for i, e := range c.s.Events {
		if e.ID != c.s.Events[0].ID+int64(i) {
			c.find(Disorder, "event %d follows event %d", e.ID, c.s.Events[i-1].ID)
			break
		}
		if e.Revision != 0 && e.Story != "" {
			if e.Revision <= revision[e.Story] {
				c.find(Disorder, "event %d tells of revision %d of story %s, an earlier one of %d", e.ID, e.Revision, e.Story, revision[e.Story])
			}
			revision[e.Story] = e.Revision
		}
		if said[e.Subject] == nil {
			said[e.Subject] = map[string]int{}
		}
		said[e.Subject][e.Kind]++
		switch e.Kind {
		case eventPublished:
			at[e.Subject] = e.ID
		case eventRecommended:
			recommended[e.Subject] = e.Count
		}
	}
	if n := len(c.s.Events); n > 0 && c.s.Events[n-1].ID != c.s.Counter {
		c.find(Disorder, "the log is counted up to %d, its last event is %d", c.s.Counter, c.s.Events[n-1].ID)
	}
	for story, last := range revision {
		if kept := c.s.Stories[story].Revision; kept < last {
			c.find(Disorder, "story %s has revision %d, an event told of %d", story, kept, last)
		}
	}
	for id, row := range c.s.Comments {
		c.told(id, row, said[id], at)
		if n := recommended[id]; n != row.Recommendations {
			c.find(Disorder, "comment %s has %d recommendations, the last event tells of %d", id, row.Recommendations, n)
		}
	}
	if before, after := inTurn(c.entries, at); before != nil {
		c.find(Disorder, "%s was acknowledged before %s was sent, and appeared later", before.Key, after.Key)
	}
	for id, kinds := range said {
		if _, there := c.s.Comments[id]; !there && kinds[eventPublished] > 0 {
			c.find(Lost, "an event tells of comment %s, which is not there", id)
		}
	}
}

// told compares what the log says of a comment with what is kept of it.
func (c *checker) told(id string, row Row, said map[string]int, at map[string]int64) {
	restored, taken := 0, 0
	for _, action := range c.s.Decisions[id] {
		if action == "restore" {
			restored++
		} else {
			taken++
		}
	}
	gone := 0
	if row.State == withdrawn {
		gone = 1
	}
	want := map[string]int{eventPublished: 1, eventEdited: c.s.Earlier[id] + restored, eventRemoved: taken, eventWithdrawn: gone}
	for kind, n := range want {
		if said[kind] != n {
			c.find(Disorder, "the log says %s of %s %d times, it happened %d times", kind, id, said[kind], n)
		}
	}
	if row.Parent != "" && at[row.Parent] > at[id] {
		c.find(Disorder, "reply %s appeared in event %d, before what it answers in event %d", id, at[id], at[row.Parent])
	}
}

// inTurn looks at the comments that one worker wrote one after the other.
func inTurn(entries []Entry, at map[string]int64) (earlier, later *Entry) {
	last := map[int]*Entry{}
	for i := range entries {
		e := &entries[i]
		if !e.Kind.Comments() || e.Outcome() != Acknowledged || len(e.Tries) != 1 {
			continue
		}
		if before := last[e.Worker]; before != nil && at[before.ID()] > at[e.ID()] {
			return before, e
		}
		last[e.Worker] = e
	}
	return nil, nil
}
