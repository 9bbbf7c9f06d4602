// Package mail writes and sends the letters of the forum, each to one person.
//
// A letter is composed from a kind and its data ([Compose]), as text and as
// HTML, and handed to a [Sender]. The words of readers are only ever text in
// it: they carry no links or pictures, and what a mail program would make a
// link of by itself is broken up so that it does not. Whoever sends for a
// change that is recorded gives the letter a Key, so that a second attempt is
// known to be the same letter.
package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Message is a letter to one person.
type Message struct {
	To      string // one address as [ParseAddress] gives it
	Subject string // one line
	Text    string // the letter for programs that show no HTML
	HTML    string // the same letter, a whole document
	Kind    string // which letter it is, such as KindConfirm
	Key     string // names the letter, the same at each attempt to send it; letters, digits, "-" and "."; "" makes a new one
}

// Sender takes letters. Send returns when the letter has been handed over, or
// with an error that never contains an address; ask [Permanent] whether trying
// again can help. It is safe for many at once.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// maxPart bounds a letter's text and HTML in bytes: a quote and the sentences
// around it come nowhere near.
const maxPart = 256 << 10

// check refuses what would break a header or make a second recipient. The
// composer never makes such a letter; this is for whoever comes past it.
func check(m Message) error {
	switch to, err := ParseAddress(m.To); {
	case err != nil || to != m.To:
		return errors.New("check mail: the recipient is not one clean address")
	case m.Subject == "" || len(m.Subject) > 998 || !utf8.ValidString(m.Subject) || strings.ContainsFunc(m.Subject, unicode.IsControl) || strings.Contains(m.Subject, "=?"):
		return errors.New("check mail: the subject is not one line of text")
	case m.Text == "" || !utf8.ValidString(m.Text) || !utf8.ValidString(m.HTML) || len(m.Text) > maxPart || len(m.HTML) > maxPart:
		return errors.New("check mail: the letter is empty, too long or not UTF-8")
	case strings.ContainsFunc(m.Key, notKey) || len(m.Key) > 100:
		return fmt.Errorf("check mail: %q cannot name a letter", m.Key)
	}
	return nil
}

func notKey(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '.'
}
