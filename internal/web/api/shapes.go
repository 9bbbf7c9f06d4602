package api

import (
	"parley"
)

// The shapes are written by hand, member by member: nothing of a noun reaches a stranger because somebody
// added a field.

type readerShape struct {
	ID       parley.ID   `json:"id"`
	Name     string      `json:"name"`
	Badge    string      `json:"badge"`
	Since    parley.Time `json:"since"`
	Hidden   bool        `json:"hidden"`
	Comments int         `json:"comments"`
	URL      string      `json:"url"`

	Following  *bool `json:"following,omitempty"`
	FollowsYou *bool `json:"follows_you,omitempty"`
	Muted      *bool `json:"muted,omitempty"`
	Blocked    *bool `json:"blocked,omitempty"`
}

func shapeReader(r parley.Reader, own bool) readerShape {
	s := readerShape{ID: r.ID, Name: r.Name, Badge: r.Roles.Badge(), Hidden: r.Hidden, URL: "/readers/" + r.ID.String()}
	if !r.Hidden || own {
		s.Since, s.Comments = r.CreatedAt, r.Comments
	}
	return s
}

type bylineShape struct {
	ID       parley.ID `json:"id"`
	Name     string    `json:"name"`
	Badge    string    `json:"badge"`
	Initials string    `json:"initials"`
}

func shapeByline(b parley.Byline) *bylineShape {
	if b.ID == 0 {
		return nil
	}
	return &bylineShape{ID: b.ID, Name: b.Name, Badge: b.Roles.Badge(), Initials: b.Initials()}
}

type meShape struct {
	ID        parley.ID `json:"id"`
	Name      string    `json:"name"`
	Badge     string    `json:"badge"`
	Initials  string    `json:"initials"`
	Confirmed bool      `json:"confirmed"`
	Hidden    bool      `json:"hidden"`
	Roles     []string  `json:"roles"`
}

func shapeMe(r parley.Reader) *meShape {
	if r.ID == 0 {
		return nil
	}
	return &meShape{
		ID: r.ID, Name: r.Name, Badge: r.Roles.Badge(), Initials: r.Byline().Initials(),
		Confirmed: r.Confirmed(), Hidden: r.Hidden, Roles: r.Roles.Names(),
	}
}

type commentShape struct {
	ID              parley.ID    `json:"id"`
	Story           parley.ID    `json:"story"`
	Thread          parley.ID    `json:"thread"`
	Parent          parley.ID    `json:"parent"`
	Depth           int          `json:"depth"`
	Author          *bylineShape `json:"author"`
	To              *bylineShape `json:"to"`
	State           parley.State `json:"state"`
	HTML            string       `json:"html"`
	Body            string       `json:"body,omitempty"` // the Markdown, to its author only
	Passage         *quoteShape  `json:"passage"`        // null = the story as a whole
	Reason          bool         `json:"reason"`         // it came with an answer to the story's question
	CreatedAt       parley.Time  `json:"created_at"`
	EditedAt        parley.Time  `json:"edited_at"`
	Recommendations int          `json:"recommendations"`
	Replies         int          `json:"replies"`
	URL             string       `json:"url"`
}

func shapeComment(v parley.Viewer, c parley.Comment) commentShape {
	s := commentShape{
		ID: c.ID, Story: c.Story, Thread: c.Root, Parent: c.Parent, Depth: c.Depth,
		Author: shapeByline(c.Author), To: shapeByline(c.To), State: c.State, HTML: htmlOf(c), Passage: shapeQuote(c.Quote), Reason: c.Reason,
		CreatedAt: c.CreatedAt, EditedAt: c.EditedAt, Recommendations: c.Recommendations, Replies: c.Replies,
		URL: "/c/" + c.ID.String(),
	}
	if v.Reader != 0 && c.Author.ID == v.Reader {
		s.Body = c.Body
	}
	if c.State == parley.Withdrawn || c.State == parley.Removed {
		s.HTML, s.Body, s.Author = "", "", nil
	}
	return s
}

// quoteShape is a passage as it stands at a comment.
type quoteShape struct {
	ID    parley.ID           `json:"id"`
	Exact string              `json:"exact"`
	State parley.PassageState `json:"state"`
}

func shapeQuote(p parley.Passage) *quoteShape {
	if p.ID == 0 {
		return nil
	}
	return &quoteShape{ID: p.ID, Exact: p.Exact, State: p.State}
}

type threadShape struct {
	commentShape
	FirstReplies []commentShape `json:"first_replies"`
	ReplyCount   int            `json:"reply_count"`
	MoreReplies  bool           `json:"more_replies"`
}

func shapeThread(v parley.Viewer, t parley.Thread) threadShape {
	s := threadShape{commentShape: shapeComment(v, t.Root), ReplyCount: t.Root.Replies, MoreReplies: t.More}
	s.FirstReplies = shapeAll(t.Replies, func(c parley.Comment) commentShape { return shapeComment(v, c) })
	return s
}

type storyShape struct {
	ID          parley.ID   `json:"id"`
	URL         string      `json:"url"`
	Title       string      `json:"title"`
	Section     string      `json:"section"`
	Closed      bool        `json:"closed"`
	Revision    int64       `json:"revision"`
	Comments    int         `json:"comments"`
	Threads     int         `json:"threads"`
	CreatedAt   parley.Time `json:"created_at"`
	PublishedAt parley.Time `json:"published_at"`
	WrittenAt   parley.Time `json:"written_at"`
	Version     int         `json:"version"` // 0 = the forum holds no text
	VersionAt   parley.Time `json:"version_at"`
	Passages    int         `json:"passages"`
	Question    parley.ID   `json:"question"`
	Corrections int         `json:"corrections"`
	Sequels     int         `json:"sequels"`
	PassagesOn  bool        `json:"passages_on"`
	QuestionsOn bool        `json:"questions_on"`
}

func (a *API) shapeStory(t parley.Story) storyShape {
	s := storyShape{
		ID: t.ID, URL: t.URL, Title: t.Title, Section: t.Section, Closed: t.Closed(), Revision: t.Revision,
		Comments: t.Comments, Threads: t.Threads, CreatedAt: t.CreatedAt, PublishedAt: t.PublishedAt,
		WrittenAt: t.WrittenAt, Version: t.Version, VersionAt: t.VersionAt, Corrections: t.Corrections, Sequels: t.Sequels,
		PassagesOn: a.f.Site.HasPassages(t), QuestionsOn: a.f.Site.Questions && !t.QuestionsOff,
	}
	if s.PassagesOn {
		s.Passages = t.Passages
	}
	if s.QuestionsOn {
		s.Question = t.Question
	}
	return s
}

type noticeShape struct {
	ID      parley.ID         `json:"id"`
	Kind    parley.NoticeKind `json:"kind"`
	By      *bylineShape      `json:"by"`
	Subject parley.ID         `json:"subject"`
	Story   parley.ID         `json:"story"`
	Title   string            `json:"title"`
	Comment parley.ID         `json:"comment"`
	Count   int               `json:"count"`
	Excerpt string            `json:"excerpt"`
	At      parley.Time       `json:"at"`
	Seen    bool              `json:"seen"`
	URL     string            `json:"url"`
}

func shapeNotice(n parley.Notice) noticeShape {
	url := "/s/" + n.Story.String()
	switch {
	case n.Comment != 0:
		url = "/c/" + n.Comment.String()
	case n.Kind == parley.NoticeSuggestion:
		url += "/author"
	}
	return noticeShape{
		ID: n.ID, Kind: n.Kind, By: shapeByline(n.By), Subject: n.Subject, Story: n.Story, Title: n.Title, Comment: n.Comment,
		Count: n.Count, Excerpt: n.Excerpt, At: n.At, Seen: n.Seen, URL: url,
	}
}

// list is one page of any list; Next is null on the last.
type list[T any] struct {
	Items []T     `json:"items"`
	Next  *string `json:"next"`
}

func page[T any](items []T, next string) list[T] {
	if items == nil {
		items = []T{}
	}
	if next == "" {
		return list[T]{Items: items}
	}
	return list[T]{Items: items, Next: &next}
}

func shapeAll[From, To any](from []From, shape func(From) To) []To {
	to := make([]To, len(from))
	for i, one := range from {
		to[i] = shape(one)
	}
	return to
}
