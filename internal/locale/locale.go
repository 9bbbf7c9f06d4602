// Package locale holds the server's own words, one JSON file a language, with
// plurals, numbers and dates as that language writes them. The browser's script
// takes its words from the same files.
//
// A file maps a key to a message, or to one message per plural form as named by
// CLDR ("one", "few", "other"), where "=0" and its kind stand for one number
// alone. {0}, {1} … in a message stand for arguments; in a plural message {0} is
// the number. The keys are names in JavaScript too, so that a bundler can leave
// out those that a script does not import.
package locale

import (
	"embed"
	"slices"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"
	"golang.org/x/text/number"
)

//go:embed *.json
var files embed.FS

// Fallback is the language that every other one falls back to.
const Fallback = "en"

// Catalogue is the words of one language. It is safe for use by many goroutines.
type Catalogue struct {
	lang    string
	plain   map[string]string // messages without arguments or plurals
	plural  map[string]bool   // the other keys, and whether they have plurals
	simple  map[string]string // of these, messages whose arguments are written where they stand
	counted map[string]*small // plural messages, and "" for numbers alone
	dates   dates
	printer *message.Printer
}

var (
	catalogues = loadAll()
	matcher    = language.NewMatcher(tags())
)

// For gives the catalogue that fits a BCP 47 tag best, such as English for
// "en-GB", and English for a language that Parley does not speak.
func For(lang string) *Catalogue {
	_, i, _ := matcher.Match(language.Make(lang))
	return catalogues[i]
}

// Languages lists the BCP 47 tags of the languages that Parley speaks, Fallback
// first.
func Languages() []string {
	var list []string
	for _, c := range catalogues {
		list = append(list, c.lang)
	}
	return list
}

func tags() []language.Tag {
	var list []language.Tag
	for _, lang := range Languages() {
		list = append(list, language.MustParse(lang))
	}
	return list
}

// Lang is the catalogue's BCP 47 tag, for the lang attribute.
func (c *Catalogue) Lang() string { return c.lang }

// Keys lists every message, sorted, so that tests can hold templates against it.
func (c *Catalogue) Keys() []string {
	var keys []string
	for key := range c.plain {
		keys = append(keys, key)
	}
	for key := range c.plural {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// T gives a message with its arguments filled in: text as it is, numbers as the
// language writes them. An unknown key gives the key, so that the mistake shows.
// The result is text, not HTML.
func (c *Catalogue) T(key string, args ...any) string {
	if text, ok := c.plain[key]; ok {
		return text
	}
	if _, ok := c.plural[key]; !ok {
		return key
	}
	if text, ok := c.filled(c.simple[key], args); ok {
		return text
	}
	return c.printer.Sprintf(key, args...)
}

// N gives a message in the plural form of n, which is its {0}; further arguments
// are {1} and so on. A message without plural forms gives its key.
func (c *Catalogue) N(key string, n int, args ...any) string {
	if !c.plural[key] {
		return key
	}
	write := func() string { return c.printer.Sprintf(key, append([]any{n}, args...)...) }
	if len(args) > 0 {
		return write()
	}
	return c.counted[key].of(n, write)
}

// Number writes a whole number with the language's grouping, such as 1,234.
func (c *Catalogue) Number(n int) string {
	return c.counted[""].of(n, func() string { return c.printer.Sprint(number.Decimal(n)) })
}

// newCatalogue makes a catalogue of parsed entries.
func newCatalogue(lang string, e entries) (*Catalogue, error) {
	c := &Catalogue{
		lang: lang, plain: map[string]string{}, plural: map[string]bool{}, dates: e.dates,
		simple: map[string]string{}, counted: map[string]*small{"": {}},
	}
	tag := language.MustParse(lang)
	builder := catalog.NewBuilder(catalog.Fallback(tag))
	for key, m := range e.messages {
		if m.isPlain() {
			c.plain[key] = m.text
			continue
		}
		c.plural[key] = m.forms != nil
		if m.forms != nil {
			c.counted[key] = &small{}
		} else {
			c.simple[key] = m.text
		}
		if err := m.set(builder, tag, key); err != nil {
			return nil, err
		}
	}
	c.printer = message.NewPrinter(tag, message.Catalog(builder))
	return c, nil
}
