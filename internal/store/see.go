package store

import "parley"

// The may-see rule has its one address here. $1 is always the viewing reader (0 = nobody), $2 the site, and
// the comment is always c.
const (
	// shown repeats the partial indexes' condition word for word, so that lists of a story or a thread go by them.
	shown = `c.site = $2 AND c.state IN ('published', 'removed', 'withdrawn')`

	// shownByID says the same in words that fit no index, for comments that are reached by id or author. While a
	// table is small, PostgreSQL would read through a partial index instead, and keep to it when it has grown.
	shownByID = `c.site = $2 AND c.state NOT IN ('held', 'refused')`

	// parentRead holds for replies to a comment that everybody may read. It is no EXISTS, for which PostgreSQL
	// might gather every published comment first.
	parentRead = `(SELECT q.state FROM comments q WHERE q.id = c.parent) = 'published'`
)

// published gives the condition that a comment is, in words that fit no index for the same reason.
func published(comment string) string { return comment + `.state || '' = 'published'` }

// nobodyBlocks gives the condition that neither the viewer blocks the reader in a column, nor is blocked there.
func nobodyBlocks(reader string) string {
	return `NOT EXISTS (SELECT 1 FROM silences s WHERE s.kind = 'block' AND s.reader = CAST($1 AS BIGINT) AND s.target = ` + reader + `)
		AND NOT EXISTS (SELECT 1 FROM silences s WHERE s.kind = 'block' AND s.reader = ` + reader + ` AND s.target = CAST($1 AS BIGINT))`
}

// notMuted gives the condition that the viewer does not mute the reader in a column.
func notMuted(reader string) string {
	return `NOT EXISTS (SELECT 1 FROM silences s WHERE s.reader = CAST($1 AS BIGINT) AND s.kind = 'mute' AND s.target = ` + reader + `)`
}

// listed gives the condition for comments in the lists of a story or a thread: what stands there for everybody,
// less what a block hides. A reader's own waiting comments are no part of lists; they come as the reader's own
// marks.
func listed(v parley.Viewer) string { return shown + unblocked(v) }

// listedByID is listed for comments that are reached by id or author.
func listedByID(v parley.Viewer) string { return shownByID + unblocked(v) }

func unblocked(v parley.Viewer) string {
	if v.Reader == 0 || v.Moderates() {
		return " AND CAST($1 AS BIGINT) >= 0"
	}
	return " AND " + nobodyBlocks("c.author")
}

// visible gives the condition for one comment asked for by id.
func visible(v parley.Viewer) string {
	switch {
	case v.Moderates():
		return "c.site = $2 AND CAST($1 AS BIGINT) > 0"
	case v.Reader == 0:
		return shownByID + " AND CAST($1 AS BIGINT) = 0"
	}
	return `((` + shownByID + `) OR (c.site = $2 AND c.author = CAST($1 AS BIGINT))) AND ` + nobodyBlocks("c.author")
}

// fromComments gives the tables behind commentColumns. All joins here run outwards from what is looked for, in
// the order in which they are written: a CROSS JOIN is one whose order SQLite must not change either.
func fromComments(v parley.Viewer) string { return ` FROM comments c ` + bylines(v) }

// bylines joins the author a, and p, whom the comment answers: named only to a viewer who may know who wrote
// the parent.
func bylines(v parley.Viewer) string {
	switch {
	case v.Moderates():
		return allBylines
	case v.Reader == 0:
		return allBylines + "AND " + parentRead + " "
	}
	return allBylines + "AND (p.id = CAST($1 AS BIGINT) OR " + parentRead + ") AND " + nobodyBlocks("p.id") + " "
}

const (
	allBylines = `LEFT JOIN readers a ON a.id = c.author LEFT JOIN readers p ON p.id = c.answers `

	// fromAllComments is fromComments for verbs, which know everything.
	fromAllComments = ` FROM comments c ` + allBylines
)

// mask takes from a comment what the viewer may not read. Who wrote a removed or withdrawn comment is part of
// what was taken down.
func mask(v parley.Viewer, c *parley.Comment) {
	own := v.Reader != 0 && c.Author.ID == v.Reader
	if c.State == parley.Published || own || v.Moderates() {
		return
	}
	c.Body, c.HTML, c.Author, c.Recommendations = "", "", parley.Byline{}, 0
	c.Passage, c.Quote, c.Reason = 0, parley.Passage{}, false
}
