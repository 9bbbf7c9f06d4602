package demo

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"parley"
	"parley/internal/mail"
	"parley/internal/web"
)

// MailPath is where the mailbox is read; a letter is at MailPath/NUMBER.
const MailPath = "/demo/mail"

//go:embed mailbox.html
var mailboxHTML string

var mailboxTemplate = template.Must(template.New("").Parse(mailboxHTML))

// Mail shows what would have been sent, newest first, at MailPath and, where the route names a letter {n}, one
// letter. Whoever reads it can confirm every address, so it answers only on loopback addresses and only under
// the forum's own host name or a plain address: a page of another site must not reach it through a name of its
// own that leads to this machine.
func Mail(outbox *mail.Outbox, site parley.Site) http.Handler {
	return web.Answer(func(w http.ResponseWriter, r *http.Request) error {
		switch {
		case !onLoopback(r) || !ownHost(r, site):
			return parley.Errorf(parley.CodeNotFound, "The mail of a demo can be read on its own machine only.")
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			return parley.Errorf(parley.CodeMethod, "This address knows GET only.")
		}
		v := mailbox{Site: site, Path: MailPath}
		for _, sent := range outbox.List() {
			v.Letters = append(v.Letters, letterSent{sent})
		}
		if r.PathValue("n") != "" {
			if err := v.open(r.PathValue("n")); err != nil {
				return err
			}
		}
		var page bytes.Buffer
		if err := mailboxTemplate.ExecuteTemplate(&page, "mailbox", v); err != nil {
			return fmt.Errorf("show the mail: %w", err)
		}
		web.Private(w.Header())
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Referrer-Policy", "no-referrer") // letters have links that are good once
		_, err := w.Write(page.Bytes())
		return err
	}, showPlain)
}

// showPlain answers an error with its sentence.
func showPlain(w http.ResponseWriter, _ *http.Request, e *parley.Error, status int) {
	http.Error(w, e.Sentence, status)
}

// onLoopback tells whether a request came in on an address that only this machine has.
func onLoopback(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	at, err := netip.ParseAddrPort(local.String())
	return err == nil && at.Addr().Unmap().IsLoopback()
}

// ownHost tells whether a request names the forum's host or a plain loopback address.
func ownHost(r *http.Request, site parley.Site) bool {
	if base, err := url.Parse(site.BaseURL); err == nil && strings.EqualFold(base.Host, r.Host) {
		return true
	}
	return plain(hostname(r.Host))
}

// mailbox is what the template shows: a list, or one letter.
type mailbox struct {
	Site    parley.Site
	Path    string
	Letters []letterSent // newest first
	Letter  *letterSent  // nil for the list
	Pieces  []piece      // of the letter's text
}

// open turns to the letter with a number, or refuses with parley.CodeNotFound.
func (v *mailbox) open(number string) error {
	n, err := strconv.Atoi(number)
	for _, letter := range v.Letters {
		if err == nil && letter.Number == n {
			v.Letter, v.Pieces = &letter, withLinks(letter.Text, v.Site.BaseURL)
			return nil
		}
	}
	return parley.Errorf(parley.CodeNotFound, "There is no such letter here, or no longer.")
}

type letterSent struct{ mail.Sent }

// When gives the time of day on this machine's clock; ISO the moment for programs.
func (l letterSent) When() string { return l.At.Local().Format("2 January, 15.04.05") }

// ISO gives the moment in RFC 3339.
func (l letterSent) ISO() string { return l.At.Format(time.RFC3339) }

// piece is a stretch of a letter's text that is a link as a whole, or none.
type piece struct {
	Text string
	Link bool
}

// withLinks cuts a letter's text so that addresses of the forum itself, and no others, become links.
func withLinks(text, base string) []piece {
	address := regexp.MustCompile(regexp.QuoteMeta(base) + `/[\w\-./?=&%~#]*`)
	var pieces []piece
	from := 0
	for _, at := range address.FindAllStringIndex(text, -1) {
		end := at[0] + len(strings.TrimRight(text[at[0]:at[1]], ".?#"))
		pieces = append(pieces, piece{text[from:at[0]], false}, piece{text[at[0]:end], true})
		from = end
	}
	return append(pieces, piece{text[from:], false})
}
