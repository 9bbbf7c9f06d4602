package store

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"parley"
)

// pages gives, for each sort, the tables and conditions of a page and how it runs: $4 and $5 are the cursor's
// key and id, $6 the limit, root the condition for a thread the viewer sees. What else they say of the thread
// is what their index says.
//
// Among equally recommended threads a page begins at an id. SQLite does not seek by both in one comparison of
// pairs, and would read its way from the first of a hundred thousand threads that nobody has recommended; so
// the rest of the equals and what is less recommended are found apart.
var pages = map[parley.Sort]func(v parley.Viewer, root string) string{
	parley.Newest: func(v parley.Viewer, root string) string {
		return ` FROM comments c ` + bylines(v) + `WHERE ` + root + ` AND c.depth = 1 AND CAST($4 AS BIGINT) >= 0 AND c.id < $5 ORDER BY c.id DESC LIMIT $6`
	},
	parley.Oldest: func(v parley.Viewer, root string) string {
		return ` FROM comments c ` + bylines(v) + `WHERE ` + root + ` AND c.depth = 1 AND CAST($4 AS BIGINT) >= 0 AND c.id > $5 ORDER BY c.id LIMIT $6`
	},
	parley.Recommended: func(v parley.Viewer, root string) string {
		return ` FROM (
			SELECT id FROM (SELECT c.id FROM comments c WHERE ` + root + ` AND c.recommendations >= 0 AND c.recommendations = $4 AND c.id < $5
				ORDER BY c.id DESC LIMIT $6) equals
			UNION ALL SELECT id FROM (SELECT c.id FROM comments c WHERE ` + root + ` AND c.recommendations >= 0 AND c.recommendations < $4
				ORDER BY c.recommendations DESC, c.id DESC LIMIT $6) lesser
		) page CROSS JOIN comments c ` + bylines(v) + `WHERE c.id = page.id ORDER BY c.recommendations DESC, c.id DESC LIMIT $6`
	},
}

// Threads gives one page of a story's threads with the first replies of each, and the cursor of the next page
// (zero at the end). limit counts threads.
func (tx *Tx) Threads(v parley.Viewer, story parley.ID, sort parley.Sort, from parley.Cursor, limit int) ([]parley.Thread, parley.Cursor, error) {
	page, known := pages[sort]
	if !known {
		return nil, parley.Cursor{}, parley.Errorf(parley.CodeBadSort, "Comments cannot be sorted like this.").On("sort")
	}
	if from.IsZero() && sort != parley.Oldest {
		from = parley.Cursor{Key: math.MaxInt64, ID: math.MaxInt64}
	}
	roots, err := tx.unmasked(`SELECT `+commentColumns+page(v, `c.story = $3 AND c.parent = 0 AND `+listed(v)),
		v.Reader, v.Site, story, from.Key, from.ID, limit+1)
	if err != nil {
		return nil, parley.Cursor{}, fmt.Errorf("list threads: %w", err)
	}
	var next parley.Cursor
	if len(roots) > limit {
		roots = roots[:limit]
		last := roots[limit-1]
		next = parley.Cursor{ID: last.ID}
		if sort == parley.Recommended {
			next.Key = int64(last.Recommendations)
		}
	}
	for i := range roots {
		mask(v, &roots[i])
	}
	if err := tx.quote(roots); err != nil {
		return nil, parley.Cursor{}, err
	}
	threads, err := tx.withReplies(v, roots)
	return threads, next, err
}

// withReplies makes threads of their roots.
func (tx *Tx) withReplies(v parley.Viewer, roots []parley.Comment) ([]parley.Thread, error) {
	threads := make([]parley.Thread, len(roots))
	for i, root := range roots {
		threads[i].Root = root
	}
	for part := range slices.Chunk(threads, pageShapes[len(pageShapes)-1]) {
		if err := tx.addFirstReplies(v, part); err != nil {
			return nil, fmt.Errorf("list first replies: %w", err)
		}
	}
	return threads, nil
}

// pageShapes are the numbers of threads for which a statement for first replies is kept; a page takes the next
// larger one. Each connection keeps every statement it has seen, so there must be few.
var pageShapes = []int{5, parley.PageThreads, parley.MaxPage}

// addFirstReplies fetches the first replies of all threads in one statement: one probe of the index a thread to
// find where its first replies end, and one to read them, so that a thread with 20,000 replies costs no more
// than one with four. It takes at most as many threads as the largest of pageShapes.
func (tx *Tx) addFirstReplies(v parley.Viewer, threads []parley.Thread) error {
	shape, _ := slices.BinarySearch(pageShapes, len(threads))
	args := []any{v.Reader, v.Site}
	at := make(map[parley.ID]*parley.Thread, len(threads))
	var roots []string
	for i := range pageShapes[shape] {
		root := parley.ID(0) // no thread, no rows
		if i < len(threads) {
			root = threads[i].Root.ID
			at[root] = &threads[i]
		}
		args = append(args, root)
		roots = append(roots, "$"+strconv.Itoa(len(args)))
	}
	// The LEFT JOIN that is none keeps PostgreSQL from beginning with the comments.
	reply := `c.root = first.root AND c.parent <> 0 AND ` + listed(v)
	replies, err := tx.comments(v, `WITH first (root, last) AS MATERIALIZED (SELECT first.root, COALESCE((SELECT c.id FROM comments c WHERE `+reply+`
			ORDER BY c.id LIMIT 1 OFFSET `+strconv.Itoa(parley.FirstReplies)+`), `+strconv.Itoa(math.MaxInt64)+`)
			FROM (SELECT id AS root FROM comments WHERE id IN (`+strings.Join(roots, ", ")+`)) first)
		SELECT `+commentColumns+` FROM first LEFT JOIN comments c ON c.id <= first.last AND `+reply+` `+bylines(v)+`WHERE COALESCE(c.id, 0) > 0`, args...)
	slices.SortFunc(replies, func(a, b parley.Comment) int { return cmp.Compare(a.ID, b.ID) })
	for _, reply := range replies {
		t := at[reply.Root]
		if len(t.Replies) == parley.FirstReplies {
			t.More = true
			continue
		}
		t.Replies = append(t.Replies, reply)
	}
	return err
}

// Replies gives the replies of a thread in the order they were written, after one id.
func (tx *Tx) Replies(v parley.Viewer, root, after parley.ID, limit int) (replies []parley.Comment, more bool, err error) {
	replies, err = tx.comments(v, `SELECT `+commentColumns+fromComments(v)+`WHERE c.root = $3 AND c.parent <> 0 AND c.id > $4 AND `+listed(v)+
		` ORDER BY c.id LIMIT $5`, v.Reader, v.Site, root, after, limit+1)
	if len(replies) > limit {
		return replies[:limit], true, err
	}
	return replies, false, err
}

// maxAncestors bounds how far up a permalink looks: further ones are reached by following the links.
const maxAncestors = 50

// Ancestors gives the replies between a comment and its root, nearest to the root first, without either.
func (tx *Tx) Ancestors(v parley.Viewer, c parley.Comment) ([]parley.Comment, error) {
	return tx.comments(v, `WITH RECURSIVE up (id, parent, n) AS (
			SELECT id, parent, 0 FROM comments WHERE id = $3
			UNION ALL SELECT o.id, o.parent, up.n + 1 FROM comments o JOIN up ON o.id = up.parent WHERE up.n < $4
		) SELECT `+commentColumns+` FROM up CROSS JOIN comments c `+bylines(v)+`WHERE up.n > 0 AND c.id = up.id AND c.parent <> 0 AND `+listedByID(v)+` ORDER BY c.id`,
		v.Reader, v.Site, c.ID, maxAncestors)
}

// NewComments gives what has been published in a story after one id, oldest first.
func (tx *Tx) NewComments(v parley.Viewer, story, after parley.ID, limit int) ([]parley.Comment, error) {
	return tx.comments(v, `SELECT `+commentColumns+fromComments(v)+`WHERE c.story = $3 AND c.id > $4 AND c.state = 'published' AND `+listed(v)+
		` ORDER BY c.id LIMIT $5`, v.Reader, v.Site, story, after, limit)
}

// CommentsBy gives what a reader has published, newest first, before one id (0 = from the newest).
func (tx *Tx) CommentsBy(v parley.Viewer, reader, before parley.ID, limit int) ([]parley.Comment, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	return tx.comments(v, `SELECT `+commentColumns+fromComments(v)+`WHERE c.author = $3 AND c.id < $4 AND `+published("c")+` AND `+listedByID(v)+
		` ORDER BY c.id DESC LIMIT $5`, v.Reader, v.Site, reader, before, limit)
}

// OwnComments gives the viewer's own comments in a story that shared pages do not show yet: the waiting ones,
// and those newer than one id. Newest first. Saying no more of the newer ones where they are looked up keeps both
// engines from going through the whole story.
func (tx *Tx) OwnComments(v parley.Viewer, story, after parley.ID, limit int) ([]parley.Comment, error) {
	return tx.comments(v, `SELECT `+commentColumns+` FROM (
			SELECT id FROM comments WHERE author = $1 AND story = $3 AND state IN ('held', 'refused')
			UNION SELECT id FROM comments WHERE author = $1 AND +story = $3 AND id > $4
		) own CROSS JOIN comments c `+bylines(v)+`WHERE c.id = own.id AND c.site = $2 AND c.state IN ('held', 'refused', 'published') ORDER BY c.id DESC LIMIT $5`,
		v.Reader, v.Site, story, after, limit)
}

// RepliesBefore gives the replies of a thread before one id, in the order they were written: the last of them
// that the limit allows. more tells that earlier ones exist.
func (tx *Tx) RepliesBefore(v parley.Viewer, root, before parley.ID, limit int) (replies []parley.Comment, more bool, err error) {
	replies, err = tx.comments(v, `SELECT `+commentColumns+fromComments(v)+`WHERE c.root = $3 AND c.parent <> 0 AND c.id < $4 AND `+listed(v)+
		` ORDER BY c.id DESC LIMIT $5`, v.Reader, v.Site, root, before, limit+1)
	if len(replies) > limit {
		replies, more = replies[:limit], true
	}
	slices.Reverse(replies)
	return replies, more, err
}

// LatestComments gives what was published last in a story, newest first.
func (tx *Tx) LatestComments(v parley.Viewer, story parley.ID, limit int) ([]parley.Comment, error) {
	return tx.comments(v, `SELECT `+commentColumns+fromComments(v)+`WHERE c.story = $3 AND c.state = 'published' AND `+listed(v)+
		` ORDER BY c.id DESC LIMIT $4`, v.Reader, v.Site, story, limit)
}

// arrivalShapes are the numbers of comments for which a statement of ListedComments is kept, as pageShapes.
var arrivalShapes = []int{1, 5, MaxListed}

// MaxListed is how many comments ListedComments gives at once.
const MaxListed = 25

// ListedComments gives comments by id, at most MaxListed, in no order: those that stand in the lists of their stories.
func (tx *Tx) ListedComments(v parley.Viewer, ids []parley.ID) ([]parley.Comment, error) {
	shape, _ := slices.BinarySearch(arrivalShapes, len(ids))
	args := []any{v.Reader, v.Site}
	var names []string
	for i := range arrivalShapes[shape] {
		id := parley.ID(0) // no comment, no row
		if i < len(ids) {
			id = ids[i]
		}
		args = append(args, id)
		names = append(names, "$"+strconv.Itoa(len(args)))
	}
	return tx.comments(v, `SELECT `+commentColumns+fromComments(v)+`WHERE c.id IN (`+strings.Join(names, ", ")+`) AND `+listedByID(v), args...)
}
