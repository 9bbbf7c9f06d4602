package doctor

import (
	"context"
	"fmt"
)

// strays lists rows that contradict others, where no foreign key would say so.
var strays = []struct{ what, query string }{
	{"comments that belong to another site than their story",
		`SELECT 'comment ' || c.id FROM comments c JOIN stories s ON s.id = c.story WHERE s.site <> c.site ORDER BY c.id`},
	{"first comments of a thread that do not stand at its head",
		`SELECT 'comment ' || id FROM comments WHERE parent = 0 AND (root <> id OR depth <> 1 OR answers <> 0) ORDER BY id`},
	{"replies to what is not there, or is in another thread",
		`SELECT 'comment ' || c.id || ' replies to ' || c.parent FROM comments c LEFT JOIN comments p ON p.id = c.parent
			WHERE c.parent <> 0 AND (p.id IS NULL OR p.story <> c.story OR p.root <> c.root OR p.depth <> c.depth - 1 OR p.author <> c.answers) ORDER BY c.id`},
	{"recommendations that are kept under another story than their comment's",
		`SELECT 'comment ' || m.comment || ' by reader ' || m.reader FROM recommendations m JOIN comments c ON c.id = m.comment WHERE c.story <> m.story ORDER BY m.comment, m.reader`},
	{"comments on a passage that is not there, or in another story",
		`SELECT 'comment ' || c.id FROM comments c LEFT JOIN passages w ON w.id = c.passage WHERE c.passage <> 0 AND (w.id IS NULL OR w.story <> c.story) ORDER BY c.id`},
	{"follows of what is not there",
		`SELECT f.kind || ' ' || f.target || ' by reader ' || f.reader FROM follows f WHERE NOT CASE f.kind
			WHEN 'reader' THEN EXISTS (SELECT 1 FROM readers x WHERE x.id = f.target)
			WHEN 'thread' THEN EXISTS (SELECT 1 FROM comments x WHERE x.id = f.target)
			WHEN 'story' THEN EXISTS (SELECT 1 FROM stories x WHERE x.id = f.target)
			ELSE EXISTS (SELECT 1 FROM questions x WHERE x.id = f.target) END ORDER BY f.reader, f.kind, f.target`},
	{"notices about a comment that is not there",
		`SELECT 'notice ' || n.id FROM notices n WHERE n.comment <> 0 AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.id = n.comment) ORDER BY n.id`},
	{"stories whose newest comment is not there, or is not the newest",
		`SELECT 'story ' || s.id FROM stories s WHERE s.last_comment <> 0 AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.id = s.last_comment AND c.story = s.id)
			OR s.last_comment < (SELECT COALESCE(max(c.id), 0) FROM comments c WHERE c.story = s.id AND c.state = 'published') ORDER BY s.id`},
	{"readers whose newest comment is not theirs",
		`SELECT 'reader ' || r.id FROM readers r WHERE r.last_comment <> 0 AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.id = r.last_comment AND c.author = r.id) ORDER BY r.id`},
	{"stories whose text is not there",
		`SELECT 'story ' || s.id FROM stories s WHERE s.version <> (SELECT COALESCE(max(v.number), 0) FROM versions v WHERE v.story = s.id) ORDER BY s.id`},
	{"stories whose question is not theirs",
		`SELECT 'story ' || s.id FROM stories s WHERE s.question <> COALESCE((SELECT q.id FROM questions q WHERE q.story = s.id), 0) ORDER BY s.id`},
	{"questions and answers in words that are not there",
		`SELECT 'question ' || q.id FROM questions q WHERE NOT EXISTS (SELECT 1 FROM wordings w WHERE w.question = q.id AND w.version = q.version)
			UNION ALL SELECT 'answer ' || a.id FROM answers a WHERE NOT EXISTS (SELECT 1 FROM wordings w WHERE w.question = a.question AND w.version = a.version)`},
	{"answers whose reason is not there",
		`SELECT 'answer ' || a.id FROM answers a WHERE a.comment <> 0 AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.id = a.comment AND c.author = a.reader) ORDER BY a.id`},
	{"followers of the event log that are ahead of it",
		`SELECT name || ' at ' || position FROM cursors WHERE position > (SELECT value FROM counters WHERE name = 'events') ORDER BY name`},
}

// checkEvents looks for gaps in the log's numbers, and for a counter that would give a number twice.
func (p *patient) checkEvents(ctx context.Context) error {
	var counter, newest, n int64
	err := p.Pool.QueryRowContext(ctx, `SELECT (SELECT value FROM counters WHERE name = 'events'), COALESCE(max(id), 0), count(*) FROM events`).Scan(&counter, &newest, &n)
	if err != nil {
		return fmt.Errorf("look at the event log: %w", err)
	}
	if counter != newest {
		p.find(Finding{What: fmt.Sprintf("The event log is counted up to %d, and its newest event is %d.", counter, newest)})
	}
	if n == newest {
		return nil // the ids are unique and above zero: then none is missing
	}
	return p.list(ctx, Finding{What: "gaps in the numbers of the event log"},
		`SELECT 'after event ' || b.id FROM (SELECT 0 AS id UNION ALL SELECT id FROM events) b
			WHERE b.id < (SELECT max(id) FROM events) AND NOT EXISTS (SELECT 1 FROM events e WHERE e.id = b.id + 1) ORDER BY b.id`)
}
