package transfer

import (
	"strconv"
	"time"

	"parley"
)

// person is who wrote a comment, by what tells people apart there.
type person struct{ id, name, email string }

// nobody stands at placeholders, which show no name.
var nobody = person{id: "nobody", name: "Former reader"}

// entry makes what the threads need of a comment, with state Removed when its text is left out, and nil
// when not even its place is known.
func (w *wordpress) entry(c wxrComment, p *page) *entry {
	id, err := strconv.ParseUint(c.id, 10, 64)
	if err != nil || id == 0 {
		w.report.Skipped[NoID]++
		return nil
	}
	parent, _ := strconv.ParseUint(c.parent, 10, 64) // whatever is no number answers nothing
	e := &entry{id: id, parent: parent, file: w.file, line: c.line, who: nobody, at: w.when(c, p)}
	var why Reason
	if e.state, why = stateOf(c); why == "" {
		e.body, why = w.body(c)
	}
	if why != "" {
		w.report.Skipped[why]++
		e.state, e.body = parley.Removed, ""
		return e
	}
	e.who = w.person(c)
	return e
}

// stateOf gives the state in which a comment comes in, or why it does not.
func stateOf(c wxrComment) (parley.State, Reason) {
	switch c.kind {
	case "", "comment":
	case "pingback", "trackback":
		return "", Pingback
	default: // shops keep their notes on orders as comments
		return "", OtherType
	}
	switch c.approved {
	case "1", "approved", "approve":
		return parley.Published, ""
	case "0", "hold":
		return parley.Held, ""
	case "spam":
		return "", Spam
	case "trash", "post-trashed":
		return "", Trash
	}
	return "", OtherState
}

// body gives a comment's Markdown, or why there is none.
func (w *wordpress) body(c wxrComment) (string, Reason) {
	if c.contentOverlong {
		return "", TooLong
	}
	body, err := wordpressBody(c.content)
	switch {
	case parley.CodeOf(err) == parley.CodeBodyTooLong, len(body) > parley.MaxImportedBody:
		w.report.warn(w.file, c.line, "comment %s is longer than %d kB and was left out", c.id, parley.MaxImportedBody>>10)
		return "", TooLong
	case parley.CodeOf(err) == parley.CodeBodyEmpty, err == nil && body == "":
		return "", Empty
	case err != nil:
		w.report.warn(w.file, c.line, "comment %s cannot be read: %v", c.id, err)
		return "", Unreadable
	}
	return body, ""
}

// when tells when a comment was written.
func (w *wordpress) when(c wxrComment, p *page) parley.Time {
	at, ok := readStamp(c.dateGMT, time.UTC)
	if !ok || at < earliest {
		if local, readable := readStamp(c.date, w.options.Zone); readable {
			at, ok = local, true
			w.report.Mended[DateLocal]++
		}
	}
	if !ok {
		at = p.record.PublishedAt
		w.report.Mended[DateUnreadable]++
		w.report.warn(w.file, c.line, "comment %s has no readable date (%.30q)", c.id, c.dateGMT)
	}
	at, clamped := clamp(at, w.options.Now)
	if clamped && ok {
		w.report.Mended[DateClamped]++
		w.report.warn(w.file, c.line, "comment %s is dated %.30q, which was moved to %s", c.id, c.dateGMT, at.UTC().Format(time.DateOnly))
	}
	return at
}

// person tells who wrote a comment: an account of the site by its address there, others by the address they
// gave, and guests without one by name and web site together.
func (w *wordpress) person(c wxrComment) person {
	name, email := plainText(c.author), address(c.email)
	account, registered := w.authors[c.user]
	if registered && c.user != "0" {
		if known := address(account.email); known != "" {
			email = known
		}
		if account.name != "" {
			name = plainText(account.name)
		}
	}
	who := person{name: displayName(name), email: email}
	switch {
	case email != "":
		who.id = personID("email", email)
	case c.user != "" && c.user != "0":
		who.id = personID("account", c.user)
	default:
		who.id = personID("guest", name, c.url)
	}
	return who
}
