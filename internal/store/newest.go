package store

import (
	"database/sql"
	"math"

	"parley"
)

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
