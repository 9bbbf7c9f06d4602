package transfer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"parley"
)

// forum is a Writer in memory that keeps the Writer's contract and complains about every record that does
// not keep its side.
type forum struct {
	t        testing.TB
	site     parley.Site
	ids      *parley.IDs
	now      parley.Time
	stories  map[string]*storyRow
	readers  map[string]*readerRow
	comments map[string]*commentRow
	refuse   func(record any) error
}

type storyRow struct {
	StoryRecord
	id parley.ID
}

type readerRow struct {
	ReaderRecord
	id parley.ID
}

type commentRow struct {
	CommentRecord
	id parley.ID
}

var courier = parley.Site{Key: "main", Origins: []string{"https://forum.courier.example", "https://courier.example"}}

var today = parley.TimeOf(time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC))

func newForum(t testing.TB) *forum {
	return &forum{
		t: t, site: courier, now: today, ids: parley.NewIDs(1, func() parley.Time { return today }),
		stories: map[string]*storyRow{}, readers: map[string]*readerRow{}, comments: map[string]*commentRow{},
	}
}

func (f *forum) refused(record any) error {
	if f.refuse == nil {
		return nil
	}
	return f.refuse(record)
}

func (f *forum) Story(_ context.Context, r StoryRecord) (parley.ID, bool, error) {
	if url, err := f.site.StoryURL(r.URL); err != nil || url != r.URL {
		f.t.Errorf("story %s: address %q is not canonical: %q, %v", r.SourceID, r.URL, url, err)
	}
	f.text("title", r.Title, 1, parley.MaxTitle)
	f.text("section", r.Section, 0, 100)
	f.source(r.Source, r.SourceID)
	if r.PublishedAt < 0 || r.PublishedAt > f.now {
		f.t.Errorf("story %s appeared at %d", r.SourceID, r.PublishedAt)
	}
	if err := f.refused(r); err != nil {
		return 0, false, err
	}
	if row := f.stories[r.URL]; row != nil {
		return row.id, false, nil
	}
	row := &storyRow{r, f.ids.At(r.PublishedAt)}
	f.stories[r.URL] = row
	return row.id, true, nil
}

func (f *forum) Reader(_ context.Context, r ReaderRecord) (parley.ID, bool, error) {
	f.text("name", r.Name, parley.MinName, parley.MaxName)
	f.source(r.Source, r.SourceID)
	if r.Email != strings.ToLower(r.Email) || len(r.Email) > parley.MaxEmail || strings.Contains(r.SourceID, "@") {
		f.t.Errorf("reader %s has the address %q", r.SourceID, r.Email)
	}
	f.moment("reader "+r.SourceID, r.Since)
	if err := f.refused(r); err != nil {
		return 0, false, err
	}
	key := r.Source + " " + r.SourceID
	if row := f.readers[key]; row != nil {
		return row.id, false, nil
	}
	row := &readerRow{r, f.ids.At(r.Since)}
	f.readers[key] = row
	return row.id, true, nil
}

func (f *forum) Comment(_ context.Context, r CommentRecord) (parley.ID, bool, error) {
	f.check(r)
	if err := f.refused(r); err != nil {
		return 0, false, err
	}
	key := r.Source + " " + r.SourceID
	row := f.comments[key]
	switch {
	case row == nil:
		row = &commentRow{r, f.ids.At(r.At)}
		f.comments[key] = row
		return row.id, true, nil
	case row.Story != r.Story:
		return 0, false, parley.Errorf(parley.CodeParentElsewhere, "This comment is under another story.")
	case row.Placeholder() && !r.Placeholder():
		row.Author, row.State, row.Body = r.Author, r.State, r.Body
		return row.id, true, nil
	}
	return row.id, false, nil
}

// check holds a comment against the promises of CommentRecord.
func (f *forum) check(r CommentRecord) {
	f.source(r.Source, r.SourceID)
	f.moment("comment "+r.SourceID, r.At)
	if parent := f.byID(r.Parent); r.Parent != 0 {
		if parent == nil || parent.Story != r.Story {
			f.t.Errorf("comment %s answers %d, which is not in its story", r.SourceID, r.Parent)
		}
		if r.At <= r.Parent.Time() {
			f.t.Errorf("comment %s is dated %d, its parent %d", r.SourceID, r.At, r.Parent.Time())
		}
		if parent != nil && parent.State == parley.Held && r.State != parley.Held && parent.Source == r.Source {
			f.t.Errorf("comment %s is %s under a held one", r.SourceID, r.State)
		}
	}
	if f.story(r.Story) == nil || f.reader(r.Author) == nil {
		f.t.Errorf("comment %s has story %d and author %d", r.SourceID, r.Story, r.Author)
	}
	switch {
	case r.State != parley.Published && r.State != parley.Held && r.State != parley.Removed:
		f.t.Errorf("comment %s comes in %q", r.SourceID, r.State)
	case r.Placeholder() && r.Body != "":
		f.t.Errorf("the placeholder %s has a text", r.SourceID)
	case !r.Placeholder() && (r.Body == "" || len(r.Body) > parley.MaxImportedBody || !utf8.ValidString(r.Body) || strings.ContainsRune(r.Body, 0)):
		f.t.Errorf("comment %s has the text %.60q of %d bytes", r.SourceID, r.Body, len(r.Body))
	}
}

func (f *forum) text(what, s string, least, most int) {
	n := utf8.RuneCountInString(s)
	if n < least || n > most || !norm.NFC.IsNormalString(s) && what == "name" || !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\x01\x0b\n\r\u202e\u2066") {
		f.t.Errorf("%s %q of %d characters is not fit", what, s, n)
	}
}

func (f *forum) source(source, id string) {
	if !strings.HasPrefix(source, "wordpress:") || len(source) > 255 || id == "" || len(id) > 64 {
		f.t.Errorf("a record comes from %q, %q", source, id)
	}
}

func (f *forum) moment(what string, at parley.Time) {
	if at < earliest || at > f.now+1000 {
		f.t.Errorf("%s is dated %s", what, at.UTC())
	}
}

func (f *forum) byID(id parley.ID) *commentRow {
	for _, row := range f.comments {
		if row.id == id {
			return row
		}
	}
	return nil
}

func (f *forum) story(id parley.ID) *storyRow {
	for _, row := range f.stories {
		if row.id == id {
			return row
		}
	}
	return nil
}

func (f *forum) reader(id parley.ID) *readerRow {
	for _, row := range f.readers {
		if row.id == id {
			return row
		}
	}
	return nil
}

// String draws everything that was written: stories by address, threads by time.
func (f *forum) String() string {
	var b strings.Builder
	stories := sorted(f.stories, func(a, b *storyRow) int { return cmp.Compare(a.URL, b.URL) })
	for _, s := range stories {
		closed := ""
		if s.Closed {
			closed = ", closed"
		}
		fmt.Fprintf(&b, "%s\n  %q in %q, %s%s\n", s.URL, s.Title, s.Section, moment(s.PublishedAt), closed)
		f.draw(&b, s.id, 0, "  ")
	}
	b.WriteString("readers\n")
	for _, r := range sorted(f.readers, func(a, b *readerRow) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Since, b.Since)) }) {
		kind, _, _ := strings.Cut(r.SourceID, ":")
		fmt.Fprintf(&b, "  %s <%s> by %s, since %s\n", r.Name, r.Email, kind, moment(r.Since))
	}
	return b.String()
}

func (f *forum) draw(b *strings.Builder, story, parent parley.ID, indent string) {
	rows := sorted(f.comments, func(a, b *commentRow) int { return cmp.Compare(a.id, b.id) })
	for _, c := range rows {
		if c.Story == story && c.Parent == parent {
			author := f.reader(c.Author)
			fmt.Fprintf(b, "%s#%s %s %s, %s: %q\n", indent, c.SourceID, moment(c.At), author.Name, c.State, c.Body)
			f.draw(b, story, c.id, indent+"  ")
		}
	}
}

func sorted[T any](rows map[string]T, compare func(a, b T) int) []T {
	var all []T
	for _, row := range rows {
		all = append(all, row)
	}
	slices.SortFunc(all, compare)
	return all
}

func moment(t parley.Time) string { return t.UTC().Format("2006-01-02T15:04:05.999Z") }
