package render

import (
	"time"

	"parley"
)

var (
	site = parley.Site{ID: 1, Key: "main", Name: "The Harbour Forum", BaseURL: "https://forum.example", Language: "en"}

	tobias = parley.Byline{ID: 11, Name: "Tobias Renn"}
	hanne  = parley.Byline{ID: 12, Name: "Hanne Quill"}
	ilse   = parley.Byline{ID: 13, Name: "Ilse Marrow", Roles: parley.RoleAuthor}
	dirk   = parley.Byline{ID: 14, Name: "D. Aldermann"}
	margit = parley.Byline{ID: 15, Name: "Margit Solle"}
	layla  = parley.Byline{ID: 16, Name: "ليلى منصور"}
	piet   = parley.Byline{ID: 17, Name: "Piet Corvane", Roles: parley.RoleEditor}

	noon = parley.TimeOf(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC))
)

// harbour is a story with a little of everything.
func harbour() parley.Story {
	return parley.Story{
		ID: 700, Site: 1, URL: "https://news.example/opinion/ferry-street", Title: "The ferry is not a subsidy. It is a street.",
		CreatedAt: noon.Add(-24 * time.Hour), Revision: 41, Comments: 412, Threads: 118,
	}
}

type remark struct {
	id, root, parent parley.ID
	depth            int
	by, to           parley.Byline
	html             string
	recommended      int
}

func (r remark) comment() parley.Comment {
	return parley.Comment{
		ID: r.id, Site: 1, Story: 700, Root: r.root, Parent: r.parent, Depth: r.depth, Author: r.by, To: r.to,
		State: parley.Published, HTML: r.html, CreatedAt: noon.Add(time.Duration(r.id-4000) * time.Minute), Recommendations: r.recommended,
	}
}

func root(id parley.ID, by parley.Byline, html string, recommended, replies int) parley.Comment {
	c := remark{id: id, root: id, depth: 1, by: by, html: html, recommended: recommended}.comment()
	c.Replies = replies
	return c
}

func reply(id parley.ID, to parley.Comment, by parley.Byline, html string, recommended int) parley.Comment {
	return remark{
		id: id, root: to.Root, parent: to.ID, depth: to.Depth + 1, by: by, to: to.Author, html: html, recommended: recommended,
	}.comment()
}

func in(state parley.State, c parley.Comment) parley.Comment {
	c.State = state
	if state == parley.Removed || state == parley.Withdrawn {
		c.HTML, c.Author = "", parley.Byline{}
	}
	return c
}

// sample is a first page that shows every kind of comment a stranger can see.
func sample() Page {
	nurse := root(4021, tobias, `<p>I am a night nurse. The 5.40 boat takes me home and the 17.10 takes me back, and on most crossings the deckhand knows whose mother is in which ward. When people in Harn say “replace it with a subsidised taxi”, they are describing a receipt. They are not describing how an island of eleven hundred people keeps a hospital staffed.</p><p>Nobody asks what the Number 9 tram earns.</p>`, 214, 9)
	question := reply(4030, nurse, hanne, `<p>Serious question, because I will vote on this in May: would a smaller boat twice as often work for the wards, or is it the hold (oxygen, linen, blood) that matters?</p>`, 41)
	answer := reply(4031, question, ilse, `<p>I put exactly this to the hospital trust. Their answer: frequency helps staff, the hold helps patients, and the consultation paper prices only one of the two.</p>`, 87)
	thanks := reply(4033, answer, hanne, `<p>Then the paper should say so on its first page and not in a footnote.</p>`, 0)
	tram := reply(4032, nurse, dirk, `<blockquote><p>Nobody asks what the Number 9 tram earns.</p></blockquote><p>We do, every year, and then we print it. The Orlings line costs 41 crowns a passenger; the Number 9 costs 2. I would still keep the boat. But we should say the number out loud.</p>`, 19)

	island := root(4011, margit, `<p>I disagree with the columnist, and I have lived on Ostrey for sixty years. A street is there at three in the morning. The ferry never was. My neighbours and I want the causeway we were promised in the year my daughter was born. She is a grandmother.</p>`, 156, 1)
	island.EditedAt = island.CreatedAt.Add(4 * time.Minute)
	gone := in(parley.Withdrawn, reply(4013, island, tobias, "", 0))
	after := reply(4014, gone, piet, `<p>The causeway was under water for nineteen days last winter.</p><ul><li>eleven of them in February,</li><li>eight in the week of the election.</li></ul>`, 12)

	arabic := root(4009, layla, `<p>كبرتُ على جزيرة بلا جسر. كانت العبّارة مدرستنا وسوقنا وطريقنا إلى الطبيب. من يحسبها بالأرقام وحدها لم ينتظرها يوماً في الشتاء.</p>`, 63, 0)
	removed := in(parley.Removed, root(4008, dirk, "", 0, 0))
	steel := root(4007, piet, "", 38, 0)
	steel.Body = "A note on the engineering: the two hulls are 31 and 34 years old.\n\nWhatever we decide about the principle, the decision about steel falls due in eighteen months."

	return Page{
		Site: site, Story: harbour(), Sort: parley.Newest, Next: "MS5uZXdlc3QuMC5h", Event: 190,
		Threads: []parley.Thread{
			{Root: nurse, Replies: []parley.Comment{question, answer, tram, thanks}, More: true},
			{Root: island, Replies: []parley.Comment{gone, after}},
			{Root: arabic}, {Root: removed}, {Root: steel},
		},
	}
}

// samplePermalink links a reply deep in the first thread.
func samplePermalink() ThreadView {
	t := sample().Threads[0]
	return ThreadView{
		Site: site, Story: harbour(), Root: t.Root, Replies: t.Replies, Target: t.Replies[1].ID,
		Later: site.BaseURL + "/c/4031?later=x", Event: 190,
	}
}

// sampleList is a page of a feed.
func sampleList() CommentList {
	t := sample().Threads
	return CommentList{
		Site: site, Next: site.BaseURL + "/readers/13?cursor=x",
		Items: []Listed{
			{Comment: t[0].Replies[1], Story: harbour(), Answers: &t[0].Replies[0]},
			{Comment: t[1].Root, Story: harbour()},
			{Comment: t[1].Replies[1], Story: harbour(), Answers: &t[1].Replies[0]},
		},
	}
}
