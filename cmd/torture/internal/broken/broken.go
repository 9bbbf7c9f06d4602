// Package broken makes builds of the program that break a promise on purpose, each by a change of a line or two. A
// torture that does not catch them proves nothing about the program as it is.
package broken

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Build is one broken build.
type Build struct {
	Name    string
	Breaks  string // in words
	Fault   string // what it must be caught by
	changes []change
}

// change is one text in a source file that is replaced by another. It stands there once.
type change struct{ file, from, to string }

// All lists the builds.
func All() []Build {
	const (
		engine  = "internal/db/sqlite.go"
		writer  = "internal/db/writer.go"
		comment = "internal/store/comment.go"
		event   = "internal/store/event.go"
		posting = "internal/conversation/post.go"
	)
	const full = `d.write = openPool(d.path, busyTime, "_txlock=immediate", "_pragma=synchronous(FULL)"`
	return []Build{
		{"no-fsync", "nothing is ever flushed to the disk (synchronous=OFF)", "powercut", []change{
			{engine, full, strings.Replace(full, "FULL", "OFF", 1)},
		}},
		{"lazy-fsync", "commits are flushed at checkpoints only (synchronous=NORMAL)", "powercut", []change{
			{engine, full, strings.Replace(full, "FULL", "NORMAL", 1)},
		}},
		{"early-answer", "writes are acknowledged just before the commit", "powercut", []change{
			{writer, `	if err := c.run(ctx, end...); err != nil {`, `	for _, r := range batch {
		r.answer <- r.err
	}
	if err := c.run(ctx, end...); err != nil {`},
			{writer, `		r.answer <- r.err
	}
	if err != nil {
		d.failed(`, `		_ = r
	}
	if err != nil {
		d.failed(`},
		}},
		{"forgotten-key", "no Idempotency-Key is remembered", "kill9", []change{
			{posting, `fresh, err = tx.Remember(author.ID, d.Key, request, c.ID)`, `fresh = true`},
		}},
		{"late-count", "a story counts a comment in a transaction of its own, after the comment's", "kill9", []change{
			{comment, `visible, published, threads, newest, c.Story).Scan(&revision)`, `visible, published*b2i(from != ""), threads, newest, c.Story).Scan(&revision)`},
			{comment, `func b2i(b bool) int {`, `func (tx *Tx) CountLater(story parley.ID) error {
	_, err := tx.q.Exec("UPDATE stories SET comments = comments + 1 WHERE id = $1", story)
	return err
}

func b2i(b bool) int {`},
			{posting, `	return posted, err
}

// words is`, `	if err == nil && !posted.Replayed {
		err = s.store.Write(ctx, d.Story, func(tx *store.Tx) error { return tx.CountLater(d.Story) })
	}
	return posted, err
}

// words is`},
		}},
		{"wrong-order", "the events of a batch are numbered from its end", "kill9", []change{
			{event, `e.ID = first + int64(i)`, `e.ID = first + int64(len(left)-1-i)`},
		}},
		{"lost-event", "a page that comes back is told from the second event on that it has missed", "kill9", []change{
			{event, `WHERE story = $1 AND id > $2 ORDER BY id LIMIT $3`, `WHERE story = $1 AND id > $2 + 1 ORDER BY id LIMIT $3`},
		}},
	}
}

// Overlay writes the changed sources of a build, taken from the module at root, into a folder, and gives the file that
// go build -overlay takes. It refuses when the sources are no longer those that the change was written for.
func (b Build) Overlay(root, folder string) (file string, err error) {
	texts := map[string]string{}
	for _, c := range b.changes {
		text, read := texts[c.file]
		if !read {
			source, err := os.ReadFile(filepath.Join(root, c.file))
			if err != nil {
				return "", err
			}
			text = string(source)
		}
		if n := strings.Count(text, c.from); n != 1 {
			return "", fmt.Errorf("the build %s does not fit %s any more, where this stands %d times: %s", b.Name, c.file, n, c.from)
		}
		texts[c.file] = strings.Replace(text, c.from, c.to, 1)
	}
	replace := map[string]string{}
	for name, text := range texts {
		to := filepath.Join(folder, b.Name+"-"+filepath.Base(name))
		if err := os.WriteFile(to, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(root, name)] = to
	}
	content, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file = filepath.Join(folder, b.Name+".json")
	return file, os.WriteFile(file, content, 0o600)
}
