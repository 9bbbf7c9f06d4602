package mail

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	text "text/template"

	"parley"
)

// The kinds of letters.
const (
	KindConfirm = "confirm" // please confirm your address
	KindKnown   = "known"   // somebody tried to register with your address
	KindDecided = "decided" // your comment was removed or refused
)

// Data is what one kind of letter says.
type Data interface {
	kind() string
	clean() (Data, error)
}

// Confirm asks somebody who registered to confirm the address. Nothing in it
// comes from a reader: whoever gets it may be a stranger to the registration.
type Confirm struct {
	Site string // the site's name
	Link string // our page with the button, token included
}

// Known tells the owner of an address that somebody tried to register with it.
type Known struct {
	Site   string // the site's name
	SignIn string // our page to sign in
}

// Decided tells a comment's author what a moderator decided, and why.
type Decided struct {
	Site    string // the site's name
	Story   string // the story's title
	Refused bool   // it was held and never appeared; otherwise it was removed
	Reason  string // such as parley.Reason.Sentence gives, without a full stop
	Note    string // the moderator's words; may be ""
	Quote   string // the comment, as plain text
}

func (Confirm) kind() string { return KindConfirm }
func (Known) kind() string   { return KindKnown }
func (Decided) kind() string { return KindDecided }

// How much of each text a letter shows, in characters: names and titles one
// line, notes and quotes a screen.
const (
	shownName  = 80
	shownTitle = 200
	shownNote  = parley.MaxNote
	shownQuote = 2_000
)

func (d Confirm) clean() (Data, error) {
	d.Site = name(d.Site, shownName)
	return d, checkLink(d.Link)
}

func (d Known) clean() (Data, error) {
	d.Site = name(d.Site, shownName)
	return d, checkLink(d.SignIn)
}

func (d Decided) clean() (Data, error) {
	d.Site, d.Story, d.Reason = name(d.Site, shownName), line(d.Story, shownTitle), line(d.Reason, shownTitle)
	d.Note, d.Quote = passage(d.Note, shownNote), passage(d.Quote, shownQuote)
	return d, nil
}

// Hours is how long the link works.
func (Confirm) Hours() int { return int(parley.ConfirmLife.Hours()) }

// checkLink makes sure that a letter's only link is one of ours: whole, and
// with nothing in it that a mail program could read as its end.
func checkLink(link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil ||
		strings.ContainsFunc(link, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>\"'`\\", r) }) {
		return errors.New("check the link: not a whole web address") // its token must not get into a log
	}
	return nil
}

//go:embed templates
var templates embed.FS

// Each kind has a .txt file, which defines "subject" too, and a .html file;
// layout.html is around the latter. All are parsed at start.
var (
	texts = text.Must(text.New("").Funcs(text.FuncMap{"quoted": quoted}).ParseFS(templates, "templates/*.txt"))
	pages = func() map[string]*template.Template {
		pages := map[string]*template.Template{}
		for _, kind := range []string{KindConfirm, KindKnown, KindDecided} {
			pages[kind] = template.Must(template.ParseFS(templates, "templates/layout.html", "templates/"+kind+".html"))
		}
		return pages
	}()
)

// Compose writes the letter to one address. It fails only for data that our
// own code got wrong: a bad recipient or link.
func Compose(to string, data Data) (Message, error) {
	m := Message{To: to, Kind: data.kind()}
	data, err := data.clean()
	if err != nil {
		return Message{}, fmt.Errorf("compose %s mail: %w", m.Kind, err)
	}
	var subject, body, page strings.Builder
	if err := texts.ExecuteTemplate(&subject, m.Kind+" subject", data); err != nil {
		return Message{}, fmt.Errorf("compose %s mail: %w", m.Kind, err)
	}
	if err := texts.ExecuteTemplate(&body, m.Kind+".txt", data); err != nil {
		return Message{}, fmt.Errorf("compose %s mail: %w", m.Kind, err)
	}
	m.Subject, m.Text = subject.String(), strings.TrimSpace(body.String())+"\n"
	if err := pages[m.Kind].ExecuteTemplate(&page, "layout.html", letter{m.Subject, data}); err != nil {
		return Message{}, fmt.Errorf("compose %s mail: %w", m.Kind, err)
	}
	m.HTML = page.String()
	return m, check(m)
}

// letter is what the HTML layout gets.
type letter struct {
	Subject string
	Data    Data
}
