package look

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"parley/cmd/torture/internal/forum"
	"parley/cmd/torture/internal/journal"
	"parley/internal/markup"
)

// gallery compares one story as a process shows it with what the database holds.
type gallery struct {
	base, story string
	s           *journal.Snapshot
	found       []journal.Violation
}

func (g *gallery) find(format string, args ...any) {
	g.found = append(g.found, journal.Violation{Rule: journal.Page, What: g.base + ", story " + g.story + ": " + fmt.Sprintf(format, args...)})
}

// shown is a comment as the API tells it.
type shown struct {
	ID, Thread, State, HTML string
	Parent                  *string
	Recommendations         int
	Replies                 []shown `json:"first_replies"`
	More                    bool    `json:"more_replies"`
}

// Pages asks a process for everything in some stories, through the API and as a page, and holds it against what the
// database holds. Nobody may be writing.
func Pages(ctx context.Context, base string, stories []string, s *journal.Snapshot) (found []journal.Violation, err error) {
	for _, story := range stories {
		g := &gallery{base: base, story: story, s: s}
		if err := g.threads(ctx); err != nil {
			return found, err
		}
		if err := g.first(ctx); err != nil {
			return found, err
		}
		found = append(found, g.found...)
	}
	return found, nil
}

// Rendered gives the HTML that words must be shown as.
func Rendered(body string) (string, error) {
	if markup.Plain(body) {
		return markup.PlainHTML(body), nil
	}
	return markup.Comment(body)
}

// threads goes through all threads and their replies.
func (g *gallery) threads(ctx context.Context) error {
	seen := map[string]bool{}
	for cursor, more := "", true; more; {
		var page struct {
			Items []shown
			Next  *string
		}
		address := g.base + "/api/v1/stories/" + g.story + "/comments?sort=oldest&limit=100&cursor=" + url.QueryEscape(cursor)
		if _, err := forum.Must(ctx, forum.Request{Method: http.MethodGet, URL: address}, &page); err != nil {
			return err
		}
		for _, thread := range page.Items {
			replies := thread.Replies
			if thread.More {
				var err error
				if replies, err = g.replies(ctx, thread.ID); err != nil {
					return err
				}
			}
			for _, one := range append([]shown{thread}, replies...) {
				if seen[one.ID] {
					g.find("comment %s is shown twice", one.ID)
				}
				seen[one.ID] = true
				g.same(one)
			}
		}
		if more = page.Next != nil && *page.Next != ""; more {
			cursor = *page.Next
		}
	}
	for id, row := range g.s.Comments {
		if row.Story == g.story && !seen[id] {
			g.find("comment %s (%s) is not shown", id, row.State)
		}
	}
	return nil
}

func (g *gallery) replies(ctx context.Context, thread string) (all []shown, err error) {
	for cursor, more := "", true; more; {
		var page struct {
			Items []shown
			Next  *string
		}
		address := g.base + "/api/v1/comments/" + thread + "/replies?limit=100&cursor=" + url.QueryEscape(cursor)
		if _, err := forum.Must(ctx, forum.Request{Method: http.MethodGet, URL: address}, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if more = page.Next != nil && *page.Next != ""; more {
			cursor = *page.Next
		}
	}
	return all, nil
}

// same compares one comment.
func (g *gallery) same(one shown) {
	row, there := g.s.Comments[one.ID]
	parent := ""
	if one.Parent != nil {
		parent = *one.Parent
	}
	praised := row.Recommendations
	if row.State != "published" {
		praised = 0 // of what is gone nothing is told
	}
	if !there || row.Story != g.story || row.State != one.State || row.Root != one.Thread || row.Parent != parent || praised != one.Recommendations {
		g.find("comment %s is shown as %s in thread %s with %d recommendations, it is kept as %+v", one.ID, one.State, one.Thread, one.Recommendations, row)
		return
	}
	want := ""
	if row.State == "published" {
		var err error
		if want, err = Rendered(row.Body); err != nil {
			g.find("the words of comment %s cannot be shown: %v", one.ID, err)
		}
	}
	if one.HTML != want {
		g.find("comment %s reads %.100q, must read %.100q", one.ID, one.HTML, want)
	}
}

// item finds comments on a page: id, thread and state, in the order in which they stand there.
var item = regexp.MustCompile(`<li id="c-(\d+)"[^>]* data-thread="(\d+)" data-state="(\w+)"`)

// perPage is how many threads a page shows.
const perPage = 25

// first looks at the page that readers get, of a revision not older than that in the database.
func (g *gallery) first(ctx context.Context) error {
	address := fmt.Sprintf("%s/fragment?story=%s&rev=%d", g.base, g.story, g.s.Stories[g.story].Revision)
	got, err := forum.Must(ctx, forum.Request{Method: http.MethodGet, URL: address}, nil)
	if err != nil {
		return err
	}
	page := string(got.Body)
	var threads, want []string
	for _, found := range item.FindAllStringSubmatch(page, -1) {
		id, thread, state := found[1], found[2], found[3]
		if id == thread {
			threads = append(threads, id)
		}
		row := g.s.Comments[id]
		if row.State != state {
			g.find("the page shows %s as %s, it is %q", id, state, row.State)
		}
		if html, err := Rendered(row.Body); err != nil || row.State == "published" && !strings.Contains(page, html) {
			g.find("the page shows %s without its words (%v)", id, err)
		}
	}
	for id, row := range g.s.Comments {
		if row.Story == g.story && row.Parent == "" {
			want = append(want, id)
		}
	}
	slices.SortFunc(want, func(a, b string) int { return -compareIDs(a, b) })
	want = want[:min(len(want), perPage)]
	if !slices.Equal(threads, want) {
		g.find("the page shows threads %v, must show %v", threads, want)
	}
	return nil
}

// compareIDs compares numbers written out.
func compareIDs(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}

// Sessions asks a process whether cookies are good, and holds that against what must be.
func Sessions(ctx context.Context, base string, entries []journal.Entry) (found []journal.Violation, err error) {
	for cookie, good := range journal.Sessions(entries) {
		var got struct{ Reader *struct{ ID string } }
		if _, err := forum.Must(ctx, forum.Request{Method: http.MethodGet, URL: base + "/api/v1/me", Cookie: cookie}, &got); err != nil {
			return found, err
		}
		if good != (got.Reader != nil) {
			what := "signed out, acknowledged, and still in"
			if good {
				what = "signed in, acknowledged, and not in"
			}
			found = append(found, journal.Violation{Rule: journal.Session, What: base + ": " + what})
		}
	}
	return found, nil
}
