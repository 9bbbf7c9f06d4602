package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestKilledInMidWrite kills the server again and again while sixteen readers write, starts it on the same folder and
// sends what was not answered again, under its key: every comment is there, once.
func TestKilledInMidWrite(t *testing.T) {
	const rounds, writers = 4, 16
	data := t.TempDir()
	serve := func() *process {
		return start(t, "serve", "--data", data, "--addr", "127.0.0.1:0", "--origins", newsroom, "--limits", "off")
	}
	p := serve()
	odo := stranger(p).register("Odo Pell")
	story := odo.story("tides")
	j := newJournal()
	for round := range rounds {
		before, stop := j.acknowledged(), make(chan struct{})
		writing := j.crowd(odo, writers, story, fmt.Sprintf("Round %d", round), stop)
		await(t, "some comments", func() bool { return j.acknowledged() > before+writers+rand.IntN(100) })
		if code := p.stop(syscall.SIGKILL); code != -1 {
			t.Fatalf("the server ended by itself, with status %d:\n%s", code, p.out)
		}
		close(stop)
		writing.Wait()

		begun := time.Now()
		p = serve()
		within(t, 5*time.Second, "ready again", begun)
		odo = again(p, odo)
		open := maps.Clone(j.asked)
		for text := range open {
			if status := j.write(odo, story, text); status != http.StatusCreated {
				t.Errorf("sent again, %q is answered with %d", text, status)
			}
		}
		t.Logf("round %d: %d acknowledged, %d sent again", round, j.acknowledged(), len(open))
	}
	checkWritten(t, stranger(p), story, j.acked)
	checkDatabase(t, p, data)
}

// again takes a visitor with his cookies to a server that came back on another port.
func again(p *process, v *visitor) *visitor {
	v.t.Helper()
	here := stranger(p)
	old, err := url.Parse(v.base)
	if err != nil {
		v.t.Fatal(err)
	}
	now, err := url.Parse(p.base)
	if err != nil {
		v.t.Fatal(err)
	}
	here.client.Jar.SetCookies(now, v.client.Jar.Cookies(old))
	return here
}

// checkWritten fails unless a story has exactly the acknowledged comments, each once, under the id it was
// acknowledged with, and says so in its counts.
func checkWritten(t *testing.T, v *visitor, story string, acked map[string]string) {
	t.Helper()
	found := map[string]string{}
	for cursor, pages := "", 0; ; pages++ {
		got := v.get(comments(story) + "?sort=oldest&limit=100&cursor=" + url.QueryEscape(cursor))
		var page struct {
			Items []struct{ ID, HTML string }
			Next  *string
		}
		if err := json.Unmarshal([]byte(got.body), &page); err != nil || pages > 1000 {
			t.Fatal(err, pages)
		}
		for _, thread := range page.Items {
			text := strings.TrimSpace(strings.NewReplacer("<p>", "", "</p>", "").Replace(thread.HTML))
			if other := found[text]; other != "" {
				t.Errorf("%q is there twice, as %s and %s", text, other, thread.ID)
			}
			found[text] = thread.ID
		}
		if page.Next == nil || *page.Next == "" {
			break
		}
		cursor = *page.Next
	}
	for text, id := range acked {
		if found[text] != id {
			t.Errorf("%q was acknowledged as %s and is there as %q", text, id, found[text])
		}
	}
	if len(found) < len(acked) || len(found) == 0 {
		t.Errorf("%d comments are there, %d were acknowledged", len(found), len(acked))
	}
	if n := v.get("/api/v1/stories/"+story).text(t, "comments"); n != fmt.Sprint(len(found)) {
		t.Errorf("the story counts %s comments, %d are there", n, len(found))
	}
}

// checkDatabase stops the server and looks into its file: whole, without orphans, with counts that a recount gives.
func checkDatabase(t *testing.T, p *process, data string) {
	t.Helper()
	if code := p.stop(syscall.SIGTERM); code != 0 {
		t.Errorf("stopping ends with status %d", code)
	}
	db, err := sql.Open("sqlite", filepath.Join(data, "parley.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for question, want := range map[string]string{
		`PRAGMA integrity_check`:                        "ok",
		`SELECT count(*) FROM pragma_foreign_key_check`: "0",
		`SELECT count(*) FROM stories s WHERE comments <> (SELECT count(*) FROM comments c WHERE c.story = s.id AND c.state = 'published')`: "0",
		`SELECT count(*) FROM (SELECT 1 FROM comments GROUP BY body HAVING count(*) > 1)`:                                                   "0",
		`SELECT count(*) FROM comments c WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.subject = c.id AND e.kind = 'comment.published')`: "0",
		`SELECT max(id) - count(*) FROM events`:                                                             "0",
		`SELECT max(id) - (SELECT value FROM counters WHERE name = 'events') FROM events`:                   "0",
		`SELECT count(*) FROM idempotency WHERE NOT EXISTS (SELECT 1 FROM comments c WHERE c.id = comment)`: "0",
	} {
		var got string
		if err := db.QueryRow(question).Scan(&got); err != nil || !strings.EqualFold(got, want) {
			t.Errorf("%s gives %q (%v), want %s", question, got, err, want)
		}
	}
}
