package journal

// counts recounts every number that is kept beside the rows it counts.
func (c *checker) counts() {
	stories, readers, replies, recommended := map[string]*Counts{}, map[string]int{}, map[string]int{}, map[string]int{}
	for id := range c.s.Stories {
		stories[id] = &Counts{}
	}
	for mark := range c.s.Recommended {
		recommended[mark.Target]++
	}
	for id, row := range c.s.Comments {
		story := stories[row.Story]
		if story == nil {
			c.find(Changed, "comment %s belongs to story %s, which is not there", id, row.Story)
			continue
		}
		c.place(id, row)
		if row.Parent == "" && row.shown() {
			story.Threads++
		}
		if row.State != published {
			continue
		}
		story.Comments++
		readers[row.Author]++
		if row.Parent != "" {
			replies[row.Root]++
		}
	}
	for id, kept := range c.s.Stories {
		if n := stories[id]; kept.Comments != n.Comments || kept.Threads != n.Threads {
			c.find(Miscount, "story %s counts %d comments in %d threads, there are %d in %d", id, kept.Comments, kept.Threads, n.Comments, n.Threads)
		}
	}
	for id, kept := range c.s.Readers {
		if kept != readers[id] {
			c.find(Miscount, "reader %s counts %d comments, there are %d", id, kept, readers[id])
		}
	}
	for id, row := range c.s.Comments {
		if row.Recommendations != recommended[id] {
			c.find(Miscount, "comment %s counts %d recommendations, there are %d", id, row.Recommendations, recommended[id])
		}
		if row.Parent == "" && row.Replies != replies[id] {
			c.find(Miscount, "thread %s counts %d replies, there are %d", id, row.Replies, replies[id])
		}
	}
}

// place looks whether a reply stands under a comment of the same thread and story.
func (c *checker) place(id string, row Row) {
	if row.Parent == "" {
		if row.Root != id {
			c.find(Changed, "thread %s begins with comment %s", row.Root, id)
		}
		return
	}
	parent, there := c.s.Comments[row.Parent]
	if !there || parent.Root != row.Root || parent.Story != row.Story {
		c.find(Lost, "reply %s answers %s, which is not there or elsewhere", id, row.Parent)
	}
}
