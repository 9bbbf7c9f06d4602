package store

import (
	"slices"

	"parley"
)

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
