package load

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"sync"

	"parley/cmd/torture/internal/forum"
	"parley/cmd/torture/internal/journal"
)

// storm is how often one request is sent at once, by a browser or a proxy that has gone mad.
const storm = 100

// Storm sends one comment a hundred times at once under one key, to all processes, while nobody else writes. Every
// acknowledgement must tell of the same comment to the byte, but for the address of the process in it, and other words
// under that key must be refused. The journal keeps it as the one request it is.
func (c *Crowd) Storm(ctx context.Context) {
	if len(c.workers) == 0 {
		return
	}
	w := c.workers[0]
	story, key := w.story(), w.key()
	words := text(w.dice, key)
	entry := w.begin(journal.Entry{
		Kind: journal.Comment, Key: key, Story: story.ID, Text: words,
		Method: http.MethodPost, Path: "/api/v1/stories/" + story.ID + "/comments", Body: object(map[string]any{"body": words}),
	})
	answers := make([]forum.Answer, storm)
	var sending sync.WaitGroup
	for n := range answers {
		dice := rand.New(rand.NewPCG(c.Round, uint64(3000+n)))
		sending.Go(func() { _, answers[n] = c.try(ctx, entry, dice) })
	}
	sending.Wait()
	for n := range answers {
		answers[n].Body = c.told(answers[n])
	}
	w.coming = append(w.coming, entry)
	first := -1
	for n, a := range answers {
		switch {
		case !a.Good():
		case first < 0:
			first = n
		case !bytes.Equal(a.Body, answers[first].Body):
			one, other := parting(answers[first].Body, a.Body)
			c.find(journal.Answer, "%s, sent %d times at once, is answered with …%.100s and with …%.100s", key, storm, one, other)
			return
		}
	}
	if first >= 0 {
		c.otherWords(ctx, entry)
	}
}

// Repeat has every writer send a comment once more that was acknowledged and stands, as a browser does that never read its
// answer. It must be acknowledged again, as the same comment, which the journal looks at.
func (c *Crowd) Repeat(ctx context.Context) {
	var sending sync.WaitGroup
	for n, w := range c.workers {
		w.arrivals()
		one := w.pick("published")
		if one == nil {
			continue
		}
		dice := rand.New(rand.NewPCG(c.Round, uint64(4000+n)))
		sending.Go(func() {
			if _, a := c.try(ctx, one.made, dice); a.Status/100 == 4 {
				c.find(journal.Answer, "%s was acknowledged, and when sent again is answered with %d: %.200s", one.made.Key, a.Status, a.Body)
			}
		})
	}
	sending.Wait()
}

// told gives what an answer tells of the comment, whichever process it comes from. The revision beside it is left out:
// it is that of the story when the answer was made, which something else may have changed.
func (c *Crowd) told(a forum.Answer) []byte {
	var got struct{ Comment json.RawMessage }
	if !a.Good() || a.Read(&got) != nil {
		return a.Body
	}
	for _, base := range c.Nodes() {
		got.Comment = bytes.ReplaceAll(got.Comment, []byte(base), nil)
	}
	return got.Comment
}

// parting gives what two answers have from shortly before the place on where they begin to differ.
func parting(one, other []byte) (_, _ []byte) {
	at := 0
	for at < min(len(one), len(other)) && one[at] == other[at] {
		at++
	}
	at = max(0, at-20)
	return one[at:], other[at:]
}

// reused is how a key is refused that another request had before.
const reused = "idempotency_key_reused"

// otherWords sends other words under a key that has been acknowledged.
func (c *Crowd) otherWords(ctx context.Context, e *journal.Entry) {
	nodes := c.Nodes()
	answer, err := forum.Ask(ctx, forum.Request{
		Method: e.Method, URL: nodes[len(nodes)-1] + e.Path, Body: object(map[string]any{"body": "other: words under the same key " + e.Key}), Cookie: e.Cookie, Key: e.Key,
	})
	var problem struct{ Code string }
	if err == nil && (answer.Status != http.StatusUnprocessableEntity || answer.Read(&problem) != nil || problem.Code != reused) {
		c.find(journal.Answer, "other words under the key %s are answered with %d: %.200s", e.Key, answer.Status, answer.Body)
	}
}
