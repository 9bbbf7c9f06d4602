package store_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley"
	"parley/internal/store"
)

// bulk fills a story fast, past the verbs: a quarter are threads, some with many replies, most with none or
// few recommendations, and removed ones among them. The authors are made for it, one to ten comments.
func bulk(t testing.TB, s *store.Store, story parley.Story, n int) {
	t.Helper()
	at := s.Now().Add(-24 * time.Hour * time.Duration(days.Add(1))) // a day of its own for each
	// The numbers stand in the text, which would otherwise have to tell PostgreSQL their types.
	numbers := strings.NewReplacer("$1", fmt.Sprint(n), "$2", parley.FirstID(at).String(), "$3", story.Site.String(), "$4", story.ID.String())
	for _, step := range []string{
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1 / 10 + 1)
				INSERT INTO readers (id, site, name, created_at) SELECT $2 + i, $3, 'Reader ' || i, 0 FROM n`,
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
				INSERT INTO comments (id, site, story, root, parent, depth, author, answers, state, body, html, passage, created_at, recommendations, replies)
				SELECT $2 + i, $3, $4,
					$2 + CASE WHEN i % 4 = 1 THEN i ELSE i - (i - 1) % 4 END,
					CASE WHEN i % 4 = 1 THEN 0 ELSE $2 + i - (i - 1) % 4 END,
					CASE WHEN i % 4 = 1 THEN 1 ELSE 2 END,
					$2 + i % ($1 / 10 + 1) + 1,
					CASE WHEN i % 4 = 1 THEN 0 ELSE $2 + (i - (i - 1) % 4) % ($1 / 10 + 1) + 1 END,
					CASE WHEN i % 97 = 0 THEN 'removed' ELSE 'published' END,
					'` + words + `', '', '', 0, CASE WHEN i % 11 = 1 THEN i % 200 ELSE 0 END,
				CASE WHEN i % 4 = 1 THEN ` + reply(1) + ` + ` + reply(2) + ` + ` + reply(3) + ` ELSE 0 END FROM n`,
		`UPDATE stories SET comments = (SELECT count(*) FROM comments c WHERE c.story = $4 AND c.state = 'published'),
				threads = (SELECT count(*) FROM comments c WHERE c.story = $4 AND c.parent = 0), last_comment = $2 + $1 WHERE id = $4`,
	} {
		err := s.Write(ctx, story.ID, func(tx *store.Tx) error {
			_, err := tx.Raw().Exec(numbers.Replace(step))
			return err
		})
		if err != nil {
			t.Fatalf("%.60s: %v", step, err)
		}
	}
}

// reply gives 1 when a root has this of its replies, published.
func reply(n int) string {
	return fmt.Sprintf("CASE WHEN i + %d <= $1 AND (i + %d) %% 97 <> 0 THEN 1 ELSE 0 END", n, n)
}

var days atomic.Int64

// words is as long as comments often are.
const words = "It is one thing to say that the library should stay open at night and another to pay for the people who sit there until two in the morning. " +
	"I have done it for eleven years, and what I would ask of the council is not courage but a rota."
