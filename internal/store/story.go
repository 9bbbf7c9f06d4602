package store

import (
	"database/sql"
	"fmt"
	"math"

	"parley"
)

const storyColumns = `t.id, t.site, t.url, t.title, t.section, t.created_at, t.published_at, t.closed_at, t.revision, t.comments, t.threads, t.last_comment,
	t.written_at, t.author_email, t.version, t.version_at, t.passages, t.question, t.sequels, t.corrections, t.passages_off, t.questions_off`

func storyFields(t *parley.Story) []any {
	return []any{&t.ID, &t.Site, &t.URL, &t.Title, &t.Section, &t.CreatedAt, &t.PublishedAt, &t.ClosedAt, &t.Revision, &t.Comments, &t.Threads, &t.LastComment,
		&t.WrittenAt, &t.AuthorEmail, &t.Version, &t.VersionAt, &t.Passages, &t.Question, &t.Sequels, &t.Corrections, &t.PassagesOff, &t.QuestionsOff}
}

// Story gives one story of the viewer's site, or refuses with parley.CodeNotFound. Stories hide from nobody. Adding
// 0 to the site keeps PostgreSQL from looking for the story among all of the site's.
func (tx *Tx) Story(v parley.Viewer, id parley.ID) (parley.Story, error) {
	var t parley.Story
	err := tx.q.QueryRow(`SELECT `+storyColumns+` FROM stories t WHERE t.id = $1 AND t.site + 0 = $2`, id, v.Site).Scan(storyFields(&t)...)
	return t, absent(err, "story")
}

// StoryByURL gives the story at a canonical address, or refuses with parley.CodeNotFound.
func (tx *Tx) StoryByURL(v parley.Viewer, url string) (parley.Story, error) {
	var t parley.Story
	err := tx.q.QueryRow(`SELECT `+storyColumns+` FROM stories t WHERE t.site = $1 AND t.url = $2`, v.Site, url).Scan(storyFields(&t)...)
	return t, absent(err, "story")
}

// StoriesByID gives stories by id for lists that name them; ids that are not of the site are left out.
func (tx *Tx) StoriesByID(v parley.Viewer, ids []parley.ID) (map[parley.ID]parley.Story, error) {
	found := make(map[parley.ID]parley.Story, len(ids))
	for _, id := range ids {
		if _, ok := found[id]; ok {
			continue
		}
		t, err := tx.Story(v, id)
		if parley.CodeOf(err) == parley.CodeNotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		found[id] = t
	}
	return found, nil
}

// EnsureStory makes the story at t.URL unless it is there, and gives it with what was new.
func (tx *Tx) EnsureStory(t parley.Story) (story parley.Story, made bool, err error) {
	n, err := tx.q.Exec(`INSERT INTO stories (id, site, url, title, section, created_at, published_at, closed_at,
		written_at, author_email, passages_off, questions_off)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (site, url) DO NOTHING`,
		t.ID, t.Site, t.URL, t.Title, t.Section, t.CreatedAt, t.PublishedAt, t.ClosedAt, t.WrittenAt, t.AuthorEmail, b2i(t.PassagesOff), b2i(t.QuestionsOff))
	if err != nil {
		return t, false, fmt.Errorf("insert story: %w", err)
	}
	story, err = tx.StoryByURL(parley.Nobody(t.Site), t.URL)
	return story, n == 1, err
}

// DescribeStory changes what is known of a story's page and gives its revision.
func (tx *Tx) DescribeStory(t parley.Story) (revision int64, err error) {
	err = tx.q.QueryRow(`UPDATE stories SET title = $1, section = $2, published_at = $3, written_at = $4, author_email = $5,
		revision = revision + 1 WHERE id = $6 RETURNING revision`,
		t.Title, t.Section, t.PublishedAt, t.WrittenAt, t.AuthorEmail, t.ID).Scan(&revision)
	return revision, err
}

// CloseStory ends writing at a moment, or opens it again with 0, and gives the revision.
func (tx *Tx) CloseStory(id parley.ID, at parley.Time) (revision int64, err error) {
	err = tx.q.QueryRow(`UPDATE stories SET closed_at = $1, revision = revision + 1 WHERE id = $2 RETURNING revision`, at, id).Scan(&revision)
	return revision, err
}

// SwitchStory switches passages and the question of a story off or on and gives the revision.
func (tx *Tx) SwitchStory(id parley.ID, passagesOff, questionsOff bool) (revision int64, err error) {
	err = tx.q.QueryRow(`UPDATE stories SET passages_off = $1, questions_off = $2, revision = revision + 1 WHERE id = $3 RETURNING revision`,
		b2i(passagesOff), b2i(questionsOff), id).Scan(&revision)
	return revision, absent(err, "story")
}

// Raise raises a story's revision and gives it.
func (tx *Tx) Raise(story parley.ID) (revision int64, err error) {
	err = tx.q.QueryRow(`UPDATE stories SET revision = revision + 1, stale = 0 WHERE id = $1 RETURNING revision`, story).Scan(&revision)
	return revision, err
}

// StoriesOf lists the stories a reader has written in, for changes that show on all of them.
func (tx *Tx) StoriesOf(reader parley.ID) ([]parley.ID, error) {
	return tx.idList(`SELECT DISTINCT story FROM comments WHERE author = $1`, reader)
}

// StaleStories lists stories whose recommendation counts moved since their revision was raised.
func (tx *Tx) StaleStories(limit int) ([]parley.Story, error) {
	return collect(tx.q, func(rows *sql.Rows) (t parley.Story, err error) { return t, rows.Scan(storyFields(&t)...) },
		`SELECT `+storyColumns+` FROM stories t WHERE t.stale = 1 LIMIT $1`, limit)
}

// LatestStories gives the stories of the viewer's site in which somebody wrote last, the latest first.
func (tx *Tx) LatestStories(v parley.Viewer, limit int) ([]parley.Story, error) {
	return collect(tx.q, func(rows *sql.Rows) (t parley.Story, err error) { return t, rows.Scan(storyFields(&t)...) },
		`SELECT `+storyColumns+` FROM stories t WHERE t.site = $1 AND t.last_comment > 0 ORDER BY t.last_comment DESC LIMIT $2`, v.Site, limit)
}

// Revision gives the story's revision, or refuses with parley.CodeNotFound: one probe of the primary key.
func (tx *Tx) Revision(story parley.ID) (revision int64, err error) {
	err = tx.q.QueryRow(`SELECT revision FROM stories WHERE id = $1`, story).Scan(&revision)
	return revision, absent(err, "story")
}

// EnsureSite gives the id of the site with this key, made if it is not there, and keeps its name current.
func (tx *Tx) EnsureSite(key, name string) (id parley.ID, err error) {
	err = tx.q.QueryRow(`INSERT INTO sites (id, key, name, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (key) DO UPDATE SET name = excluded.name RETURNING id`, tx.NewID(), key, name, tx.Now).Scan(&id)
	return id, err
}

func (tx *Tx) idList(text string, args ...any) ([]parley.ID, error) {
	return collect(tx.q, func(rows *sql.Rows) (id parley.ID, err error) { return id, rows.Scan(&id) }, text, args...)
}

// appeared is when a story appeared as far as the forum knows. It repeats the expression of the index
// stories_newest word for word.
const appeared = `(CASE WHEN published_at <> 0 THEN published_at ELSE created_at END)`

// NewestStories gives the stories of the viewer's site by when they appeared, the newest first: those that come
// after the story with this id, or from the beginning with 0. A story that is not there is refused with
// parley.CodeNotFound.
func (tx *Tx) NewestStories(v parley.Viewer, after parley.ID, limit int) ([]parley.Story, error) {
	from := parley.Time(math.MaxInt64)
	if after != 0 {
		last, err := tx.Story(v, after)
		if err != nil {
			return nil, err
		}
		if from = last.PublishedAt; from == 0 {
			from = last.CreatedAt
		}
	}
	return collect(tx.q, func(rows *sql.Rows) (t parley.Story, err error) { return t, rows.Scan(storyFields(&t)...) },
		`SELECT `+storyColumns+` FROM stories t WHERE t.site = $1 AND (`+appeared+`, t.id) < ($2, $3) ORDER BY `+appeared+` DESC, t.id DESC LIMIT $4`,
		v.Site, from, after, limit)
}
