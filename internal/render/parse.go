package render

import (
	"embed"
	"html"
	"html/template"
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"parley/internal/locale"
)

//go:embed templates/*.html
var files embed.FS

// parse reads the templates in one language. They are printed by plates, see [newPlates].
func parse(words *locale.Catalogue) (*template.Template, error) {
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	set := template.New("render")
	for _, name := range names {
		source, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if _, err := set.Parse(speak(string(source), words)); err != nil {
			return nil, err
		}
	}
	return set, nil
}

// spoken is how a template asks for a sentence: {{t "reply"}}, or with what goes into it: {{t "to_reader" .Name}}.
var spoken = regexp.MustCompile(`\{\{t "([a-z_]+)"((?: [$.\w]+)*)\}\}`)

// speak writes the sentences into a template before it is parsed, since they are the same for every page and a
// template asks slowly.
func speak(source string, words *locale.Catalogue) string {
	return spoken.ReplaceAllStringFunc(source, func(found string) string {
		parts := spoken.FindStringSubmatch(found)
		var marks []any
		var fill []string
		for i, argument := range strings.Fields(parts[2]) {
			mark := "\x00" + strconv.Itoa(i) + "\x00"
			marks = append(marks, mark)
			fill = append(fill, mark, "{{"+argument+"}}")
		}
		return strings.NewReplacer(fill...).Replace(html.EscapeString(words.T(parts[1], marks...)))
	})
}
