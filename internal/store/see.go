package store

import "parley"

// The may-see rule has its one address here. $1 is always the viewing reader (0 = nobody), $2 the site, and
// the comment is always c. The words of shown repeat the partial indexes' condition exactly, so that both
// engines may use them.
const (
	shown = `c.site = $2 AND c.state IN ('published', 'removed', 'withdrawn')`

	nobodyBlocks = `NOT EXISTS (SELECT 1 FROM silences s WHERE s.kind = 'block' AND s.reader = CAST($1 AS BIGINT) AND s.target = c.author)
		AND NOT EXISTS (SELECT 1 FROM silences s WHERE s.kind = 'block' AND s.reader = c.author AND s.target = CAST($1 AS BIGINT))`

	// parentRead holds for replies to a comment that everybody may read.
	parentRead = `EXISTS (SELECT 1 FROM comments q WHERE q.id = c.parent AND q.state = 'published')`

	// noBlockBetween is nobodyBlocks for p, whom the comment answers.
	noBlockBetween = `NOT EXISTS (SELECT 1 FROM silences s WHERE s.kind = 'block' AND s.reader = CAST($1 AS BIGINT) AND s.target = p.id)
		AND NOT EXISTS (SELECT 1 FROM silences s WHERE s.kind = 'block' AND s.reader = p.id AND s.target = CAST($1 AS BIGINT))`

	notMuted = `NOT EXISTS (SELECT 1 FROM silences s WHERE s.reader = CAST($1 AS BIGINT) AND s.kind = 'mute' AND s.target = c.author)`
)

// listed gives the condition for comments in lists: what stands in threads for everybody, less what a block
// hides. A reader's own waiting comments are no part of lists; they come as the reader's own marks.
func listed(v parley.Viewer) string {
	if v.Reader == 0 || v.Moderates() {
		return shown + " AND CAST($1 AS BIGINT) >= 0"
	}
	return shown + " AND " + nobodyBlocks
}

// visible gives the condition for one comment asked for by id.
func visible(v parley.Viewer) string {
	switch {
	case v.Moderates():
		return "c.site = $2 AND CAST($1 AS BIGINT) > 0"
	case v.Reader == 0:
		return shown + " AND CAST($1 AS BIGINT) = 0"
	}
	return `((` + shown + `) OR (c.site = $2 AND c.author = CAST($1 AS BIGINT))) AND ` + nobodyBlocks
}

// fromComments gives the tables behind commentColumns. Who is answered is named only to a viewer who may know
// who wrote the parent. It joins outwards from comments, so that the order of the join is fixed.
func fromComments(v parley.Viewer) string {
	switch {
	case v.Moderates():
		return fromAllComments
	case v.Reader == 0:
		return fromAllComments + "AND " + parentRead + " "
	}
	return fromAllComments + "AND (p.id = CAST($1 AS BIGINT) OR " + parentRead + ") AND " + noBlockBetween + " "
}

// fromAllComments is fromComments for verbs, which know everything.
const fromAllComments = ` FROM comments c LEFT JOIN readers a ON a.id = c.author LEFT JOIN readers p ON p.id = c.answers `

// mask takes from a comment what the viewer may not read. Who wrote a removed or withdrawn comment is part of
// what was taken down.
func mask(v parley.Viewer, c *parley.Comment) {
	own := v.Reader != 0 && c.Author.ID == v.Reader
	if c.State == parley.Published || own || v.Moderates() {
		return
	}
	c.Body, c.HTML, c.Author, c.Passage, c.Recommendations = "", "", parley.Byline{}, "", 0
}
