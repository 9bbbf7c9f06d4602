package render

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley"
)

var update = flag.Bool("update", false, "write the golden files anew")

// small is a page with one comment of each kind, so that its golden file can be read.
func small() Page {
	p := sample()
	top := root(1, tobias, "<p>One.</p>", 2, 2)
	answer := reply(2, top, ilse, "<p>Two.</p>", 0)
	answer.EditedAt = answer.CreatedAt.Add(parley.EditWindow)
	deep := reply(3, answer, hanne, "<p>Three.</p>", 0)
	deeper := reply(4, deep, tobias, "", 0)
	deeper.Body = "Four & more.\n\nA second paragraph."
	gone := in(parley.Withdrawn, reply(5, top, dirk, "", 0))
	under := reply(6, gone, piet, "<p>Six.</p>", 0)
	p.Threads = []parley.Thread{
		{Root: top, Replies: []parley.Comment{answer, deep, deeper, gone, under}, More: true},
		{Root: in(parley.Removed, root(7, dirk, "", 0, 0))},
	}
	p.Story.Comments, p.Story.Threads = 6, 2
	return p
}

func TestGolden(t *testing.T) {
	show := newShow(t)
	page := small()
	thread := page.Threads[0]
	for name, draw := range map[string]func(*Renderer, *bytes.Buffer) error{
		"fragment":     func(r *Renderer, w *bytes.Buffer) error { return r.Fragment(w, page) },
		"conversation": func(r *Renderer, w *bytes.Buffer) error { return r.Conversation(w, page) },
		"threads":      func(r *Renderer, w *bytes.Buffer) error { return r.Threads(w, page) },
		"replies": func(r *Renderer, w *bytes.Buffer) error {
			return r.Replies(w, RepliesPage{Site: site, Story: page.Story, Comments: thread.Replies})
		},
		"held": func(r *Renderer, w *bytes.Buffer) error {
			held := in(parley.Held, thread.Root)
			return r.Item(w, ItemView{Site: site, Story: page.Story, Comment: held, Note: "Waiting until you confirm your address."})
		},
		"permalink": func(r *Renderer, w *bytes.Buffer) error {
			return r.ThreadPage(w, ThreadView{
				Site: site, Story: page.Story, Root: thread.Root, Ancestors: thread.Replies[:2], Replies: thread.Replies[2:4],
				Target: 4, Earlier: "https://forum.example/c/4?before=x", Later: "https://forum.example/c/4?after=y", Event: 190,
			})
		},
		"list": func(r *Renderer, w *bytes.Buffer) error {
			return r.Comments(w, CommentList{Site: site, Next: "https://forum.example/readers/12?cursor=z", Items: []Listed{
				{Comment: thread.Replies[1], Story: page.Story, Answers: &thread.Replies[0]},
				{Comment: thread.Root, Story: page.Story},
			}})
		},
		"empty": func(r *Renderer, w *bytes.Buffer) error {
			return r.Fragment(w, Page{Site: site, Sort: parley.Newest, Story: parley.Story{URL: "https://news.example/a?b=c&d", Title: "Nothing yet"}})
		},
		"closed": func(r *Renderer, w *bytes.Buffer) error {
			p := page
			p.Story.ClosedAt, p.Cursor, p.Sort, p.Next = noon, "MS5v", parley.Oldest, "MS5wcA"
			p.Threads = p.Threads[1:]
			return r.Conversation(w, p)
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := show(draw)
			path := filepath.Join("testdata", name+".golden.html")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs; go test -update writes it anew. Got:\n%s", path, firstDifference(got, want))
			}
		})
	}
}

// firstDifference gives the first line of got that is not in its place in want.
func firstDifference(got, want []byte) string {
	lines := strings.Split(string(want), "\n")
	for i, line := range strings.Split(string(got), "\n") {
		if i >= len(lines) || line != lines[i] {
			return line
		}
	}
	return "(it ends too early)"
}
