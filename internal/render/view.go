package render

import "parley"

// Page is one page of a story's threads. Site.Language is the language of the sentences around the comments.
type Page struct {
	Site    parley.Site
	Story   parley.Story // ID 0: a page nobody has written under yet; URL and Title are then all it has
	Sort    parley.Sort
	Threads []parley.Thread
	Cursor  string // where this page begins; "" for the first
	Next    string // where the next one begins; "" when this is the last
	Event   int64  // the newest event that the snapshot had seen

	Argument Argument
}

// RepliesPage is comments in a row, oldest first, each to be put in its place by the script: further replies
// of a thread, or everything newer than what a page holds.
type RepliesPage struct {
	Site     parley.Site
	Story    parley.Story
	Comments []parley.Comment
}

// ItemView is one comment by itself. Its state may be one that only its author sees.
type ItemView struct {
	Site    parley.Site
	Story   parley.Story
	Comment parley.Comment
	Note    string // what its author is told about a comment that waits; "" says it in general words
}

// ThreadView is the page of one linked comment: its thread, or the part of a long one around it.
type ThreadView struct {
	Site      parley.Site
	Story     parley.Story
	Root      parley.Comment
	Ancestors []parley.Comment // of the target, oldest first; those that Replies holds too are shown once
	Replies   []parley.Comment // in written order
	Target    parley.ID        // the linked comment; the root's id when the thread itself is linked
	Earlier   string           // address of the part before; "" = none
	Later     string           // address of the part after; "" = none
	Event     int64
}

// CommentList is comments of many stories, newest first: a profile or a feed.
type CommentList struct {
	Site  parley.Site
	Items []Listed
	Next  string // address of the next page; "" = none
}

// Listed is one comment of a list, with what a reader needs to understand it elsewhere.
type Listed struct {
	Comment parley.Comment
	Story   parley.Story
	Answers *parley.Comment // the parent, shown above it; nil for a root or when it cannot be shown
}
