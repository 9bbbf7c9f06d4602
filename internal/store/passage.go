package store

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"parley"
)

const passageColumns = `w.id, w.site, w.story, w.exact, w.prefix, w.suffix, w.start_at, w.end_at, w.state, w.version, w.comments, w.threads, w.created_at`

func passageFields(p *parley.Passage) []any {
	return []any{&p.ID, &p.Site, &p.Story, &p.Exact, &p.Prefix, &p.Suffix, &p.Start, &p.End, &p.State, &p.Version, &p.Comments, &p.Threads, &p.CreatedAt}
}

func (tx *Tx) passages(where string, args ...any) ([]parley.Passage, error) {
	return collect(tx.q, func(rows *sql.Rows) (p parley.Passage, err error) { return p, rows.Scan(passageFields(&p)...) },
		`SELECT `+passageColumns+` FROM passages w WHERE `+where, args...)
}

func (tx *Tx) passage(where string, args ...any) (p parley.Passage, err error) {
	err = tx.q.QueryRow(`SELECT `+passageColumns+` FROM passages w WHERE `+where, args...).Scan(passageFields(&p)...)
	return p, absent(err, "passage")
}

// EnsurePassage gives the passage of p's story that stands in the same place of the same version or, where none
// does, has this fingerprint; it makes p when there is neither. Two fingerprints are equal when story, version,
// words and place are. made tells that the passage is new.
func (tx *Tx) EnsurePassage(p parley.Passage, fingerprint []byte) (passage parley.Passage, made bool, err error) {
	if p.State == parley.PassageFound {
		passage, err = tx.passageAt(p.Story, p.Version, p.Start, p.End)
		if parley.CodeOf(err) != parley.CodeNotFound {
			return passage, false, err
		}
	}
	n, err := tx.q.Exec(`INSERT INTO passages (id, site, story, exact, prefix, suffix, start_at, end_at, state, version, fingerprint, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (story, fingerprint) DO NOTHING`,
		p.ID, p.Site, p.Story, p.Exact, p.Prefix, p.Suffix, p.Start, p.End, p.State, p.Version, fingerprint, p.CreatedAt)
	if err != nil {
		return p, false, fmt.Errorf("insert passage: %w", err)
	}
	passage, err = tx.passage(`w.story = $1 AND w.fingerprint = $2`, p.Story, fingerprint)
	return passage, n == 1, err
}

func (tx *Tx) passageAt(story parley.ID, version, start, end int) (parley.Passage, error) {
	return tx.passage(`w.story = $1 AND w.state = 'found' AND w.start_at = $2 AND w.end_at = $3 AND w.version = $4 ORDER BY w.id LIMIT 1`, story, start, end, version)
}

// Passage gives one passage, or refuses with parley.CodeNotFound. Strangers see it once a published comment opens
// a thread about it; before that its words are known to editors, to the desk and to those who
// chose them.
func (tx *Tx) Passage(v parley.Viewer, id parley.ID) (parley.Passage, error) {
	p, err := tx.PassageForVerb(v.Site, id)
	if err != nil || p.Threads > 0 || v.Desk || v.Roles.Has(parley.RoleEditor) {
		return p, err
	}
	own := false
	if v.Reader != 0 {
		own, err = tx.exists(`SELECT (SELECT count(*) FROM comments c WHERE c.author = $1 AND c.passage = $2)
			+ (SELECT count(*) FROM corrections k WHERE k.reader = $1 AND k.passage = $2)`, v.Reader, id)
	}
	if err == nil && !own {
		err = absent(sql.ErrNoRows, "passage")
	}
	if err != nil {
		return parley.Passage{}, err
	}
	return p, nil
}

// PassageForVerb gives one passage of the site whoever may see it, or refuses with parley.CodeNotFound.
func (tx *Tx) PassageForVerb(site, id parley.ID) (parley.Passage, error) {
	return tx.passage(`w.id = $1 AND w.site = $2`, id, site)
}

// Passages gives the passages of a story that readers talk about, as they stand in its text; then those that the
// text has lost and those that readers quote, oldest first. Of more than parley.MaxPassages it gives those with
// the most comments.
func (tx *Tx) Passages(v parley.Viewer, story parley.ID) ([]parley.Passage, error) {
	all, err := tx.passages(`w.story = $1 AND w.site = $2 AND w.threads > 0 ORDER BY w.comments DESC, w.id DESC LIMIT $3`, story, v.Site, parley.MaxPassages)
	if err != nil {
		return nil, fmt.Errorf("list passages: %w", err)
	}
	order := []parley.PassageState{parley.PassageFound, parley.PassageChanged, parley.PassageQuoted}
	place := func(p parley.Passage) int {
		if p.State == parley.PassageFound {
			return p.Start
		}
		return 0
	}
	slices.SortFunc(all, func(a, b parley.Passage) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.State), slices.Index(order, b.State)), cmp.Compare(place(a), place(b)), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

// PassagesForVerb gives every passage of a story, seen or not, oldest first.
func (tx *Tx) PassagesForVerb(story parley.ID) ([]parley.Passage, error) {
	all, err := tx.passages(`w.story = $1`, story)
	slices.SortFunc(all, func(a, b parley.Passage) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

// CountPassages tells how many passages a story has, seen or not.
func (tx *Tx) CountPassages(story parley.ID) (n int, err error) {
	err = tx.q.QueryRow(`SELECT count(*) FROM passages WHERE story = $1`, story).Scan(&n)
	return n, err
}

// Anchoring is what became of a passage in one version of its story's text.
type Anchoring struct {
	Passage parley.ID
	Version int
	State   parley.PassageState // found or changed
	Means   string              // how it was found, or why not
	Start   int
	End     int
}

// MovePassage saves where p stands in version p.Version of its text, and keeps that and by what means it was
// found, or why it was not.
func (tx *Tx) MovePassage(p parley.Passage, means string) error {
	if _, err := tx.q.Exec(`UPDATE passages SET state = $1, start_at = $2, end_at = $3, version = $4 WHERE id = $5`,
		p.State, p.Start, p.End, p.Version, p.ID); err != nil {
		return fmt.Errorf("move passage: %w", err)
	}
	_, err := tx.q.Exec(`INSERT INTO anchorings (passage, version, state, means, start_at, end_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (passage, version) DO UPDATE SET state = excluded.state, means = excluded.means, start_at = excluded.start_at, end_at = excluded.end_at`,
		p.ID, p.Version, p.State, means, p.Start, p.End)
	if err != nil {
		return fmt.Errorf("keep what became of a passage: %w", err)
	}
	return nil
}

// Anchorings gives what became of a passage in each version of its text, oldest first.
func (tx *Tx) Anchorings(passage parley.ID) ([]Anchoring, error) {
	return collect(tx.q, func(rows *sql.Rows) (a Anchoring, err error) {
		return a, rows.Scan(&a.Passage, &a.Version, &a.State, &a.Means, &a.Start, &a.End)
	}, `SELECT passage, version, state, means, start_at, end_at FROM anchorings WHERE passage = $1 ORDER BY version`, passage)
}

// ThreadsAbout gives one page of the threads about a passage, by when they began, with the first replies of each,
// and the cursor of the next page (zero at the end). Threads whose first comment is not published are about
// nothing that strangers may know.
func (tx *Tx) ThreadsAbout(v parley.Viewer, passage parley.ID, newest bool, from parley.Cursor, limit int) ([]parley.Thread, parley.Cursor, error) {
	order := `c.id > $4 ORDER BY c.id LIMIT $5`
	if newest {
		order = `c.id < $4 ORDER BY c.id DESC LIMIT $5`
		if from.IsZero() {
			from.ID = math.MaxInt64
		}
	}
	roots, err := tx.comments(v, `SELECT `+commentColumns+fromComments(v)+`WHERE c.passage = $3 AND c.passage <> 0 AND c.parent = 0 AND c.state = 'published'
		AND `+listed(v)+` AND `+order, v.Reader, v.Site, passage, from.ID, limit+1)
	if err != nil {
		return nil, parley.Cursor{}, fmt.Errorf("list threads about a passage: %w", err)
	}
	var next parley.Cursor
	if len(roots) > limit {
		roots = roots[:limit]
		next.ID = roots[limit-1].ID
	}
	threads, err := tx.withReplies(v, roots)
	return threads, next, err
}

// quoteShapes are the numbers of passages for which a statement is kept, as pageShapes.
var quoteShapes = []int{1, 5, parley.PageThreads, parley.MaxPage}

// quote gives comments that the viewer may read the words of the passages they name: one statement for a page of
// them, and none when no comment names any.
func (tx *Tx) quote(comments []parley.Comment) error {
	var ids []parley.ID
	for _, c := range comments {
		if c.Passage != 0 && !slices.Contains(ids, c.Passage) {
			ids = append(ids, c.Passage)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	quotes, err := tx.Quotes(ids)
	for i, c := range comments {
		comments[i].Quote = quotes[c.Passage]
	}
	return err
}

// Quotes gives the words of passages, for those who may read what names them: id, words and state.
func (tx *Tx) Quotes(passages []parley.ID) (map[parley.ID]parley.Passage, error) {
	found := make(map[parley.ID]parley.Passage, len(passages))
	for part := range slices.Chunk(passages, quoteShapes[len(quoteShapes)-1]) {
		shape, _ := slices.BinarySearch(quoteShapes, len(part))
		var args []any
		var names []string
		for i := range quoteShapes[shape] {
			id := parley.ID(0) // no passage, no row
			if i < len(part) {
				id = part[i]
			}
			args = append(args, id)
			names = append(names, "$"+strconv.Itoa(i+1))
		}
		quotes, err := collect(tx.q, func(rows *sql.Rows) (p parley.Passage, err error) { return p, rows.Scan(&p.ID, &p.Exact, &p.State) },
			`SELECT id, exact, state FROM passages WHERE id IN (`+strings.Join(names, ", ")+`)`, args...)
		if err != nil {
			return found, fmt.Errorf("read quotes: %w", err)
		}
		for _, p := range quotes {
			found[p.ID] = p
		}
	}
	return found, nil
}

// countPassage moves the counts of the passage that the root of a thread names, and of the story when readers
// begin or cease to talk about it. Only what stands under a published root counts: which words another one chose
// is part of what was taken down. by is 1 when the root was published, -1 when it no longer is.
func (tx *Tx) countPassage(root parley.Comment, by int) error {
	var threads int
	err := tx.q.QueryRow(`UPDATE passages SET threads = threads + $1, comments = comments + $1 * (1 + (SELECT c.replies FROM comments c WHERE c.id = $2))
		WHERE id = $3 RETURNING threads`, by, root.ID, root.Passage).Scan(&threads)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("count at passage %d: there is none", root.Passage)
	}
	if err != nil {
		return fmt.Errorf("count at passage: %w", err)
	}
	if threads == max(by, 0) {
		_, err = tx.q.Exec(`UPDATE stories SET passages = passages + $1 WHERE id = $2`, by, root.Story)
	}
	return err
}
