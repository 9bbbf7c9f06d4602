package locale

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message/catalog"
)

// entries is one file, parsed.
type entries struct {
	dates    dates
	messages map[string]msg
}

// msg is one message: a text, or a text for each plural form.
type msg struct {
	text  string
	forms map[string]string
}

// loadAll reads every embedded file, Fallback first. They are part of the
// binary, so a broken one is a mistake of ours and stops the program at start.
func loadAll() []*Catalogue {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		panic(err)
	}
	var list []*Catalogue
	for _, name := range names {
		lang := strings.TrimSuffix(path.Base(name), ".json")
		text, err := files.ReadFile(name)
		if err != nil {
			panic(err)
		}
		e, err := parse(text)
		if err != nil {
			panic("locale " + lang + ": " + err.Error())
		}
		c, err := newCatalogue(lang, e)
		if err != nil {
			panic("locale " + lang + ": " + err.Error())
		}
		list = append(list, c)
	}
	if i := slices.IndexFunc(list, func(c *Catalogue) bool { return c.lang == Fallback }); i > 0 {
		list[0], list[i] = list[i], list[0]
	}
	return list
}

// parse reads a file: the entries of dates, and every other key as a message.
func parse(text []byte) (entries, error) {
	e := entries{messages: map[string]msg{}}
	raw := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &raw); err != nil {
		return e, err
	}
	if err := json.Unmarshal(text, &e.dates); err != nil {
		return e, err
	}
	for _, key := range dateKeys {
		delete(raw, key)
	}
	for key, value := range raw {
		var m msg
		if json.Unmarshal(value, &m.text) != nil {
			if err := json.Unmarshal(value, &m.forms); err != nil {
				return e, fmt.Errorf("message %s: %w", key, err)
			}
			if m.forms["other"] == "" {
				return e, fmt.Errorf(`message %s: no form for "other"`, key)
			}
		}
		e.messages[key] = m
	}
	return e, nil
}

// isPlain says whether the message needs neither arguments nor plurals.
func (m msg) isPlain() bool { return m.forms == nil && !placeholder.MatchString(m.text) }

// set puts the message into a catalogue of golang.org/x/text.
func (m msg) set(to *catalog.Builder, tag language.Tag, key string) error {
	if m.forms == nil {
		return to.SetString(tag, key, format(m.text))
	}
	var cases []any
	for form, text := range m.forms {
		if form != "other" {
			cases = append(cases, form, format(text))
		}
	}
	cases = append(cases, "other", format(m.forms["other"])) // the last case takes what is left
	return to.Set(tag, key, plural.Selectf(1, "%d", cases...))
}

var placeholder = regexp.MustCompile(`\{([0-9])\}`)

// format turns {0} into what golang.org/x/text calls %[1]v.
func format(text string) string {
	text = strings.ReplaceAll(text, "%", "%%")
	return placeholder.ReplaceAllStringFunc(text, func(found string) string {
		return "%[" + strconv.Itoa(int(found[1]-'0')+1) + "]v"
	})
}
