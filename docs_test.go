package parley_test

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/internal/config"
)

// The documentation is held to the code: what it names must be there, and lists that claim to be whole are.

// pages gives the documentation by its path from the module's root.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	walk(t, func(file string) {
		if path.Ext(file) == ".md" && (path.Dir(file) == "." || strings.HasPrefix(file, "docs/")) {
			all[file] = read(t, file)
		}
	})
	if len(all) < 20 {
		t.Fatalf("found %d pages of documentation", len(all))
	}
	return all
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// namedTest finds a test in inline code, and the folder it is linked to. A script's name may stand after it.
var namedTest = regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Z][A-Za-z0-9]*)(?:/([a-z]+))?`(?:\\]\\(([^)]*)\\))?")

func TestEveryTestTheDocumentationNamesExists(t *testing.T) {
	declared := map[string][]string{} // test → folders
	declaration := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)[A-Z]\w*)\(`)
	walk(t, func(file string) {
		if !strings.HasSuffix(file, "_test.go") {
			return
		}
		for _, found := range declaration.FindAllStringSubmatch(read(t, file), -1) {
			declared[found[1]] = append(declared[found[1]], path.Dir(file))
		}
	})
	named := 0
	for page, text := range pages(t) {
		for _, found := range namedTest.FindAllStringSubmatch(text, -1) {
			named++
			name, script, link := found[1], found[2], found[3]
			folders := declared[name]
			if link != "" {
				folder := path.Join(path.Dir(page), link)
				folders = slices.DeleteFunc(slices.Clone(folders), func(one string) bool { return one != folder })
			}
			if len(folders) == 0 {
				t.Errorf("%s names %s %s, which is not there", page, name, link)
			} else if script != "" {
				exists(t, page, path.Join(folders[0], "testdata/script", script+".txtar"))
			}
		}
	}
	if named < 40 {
		t.Errorf("only %d tests are named: the pattern no longer fits the pages", named)
	}
}

func exists(t *testing.T, page, file string) {
	t.Helper()
	if _, err := os.Stat(filepath.FromSlash(file)); err != nil {
		t.Errorf("%s points to %s, which is not there", page, file)
	}
}

var (
	markdownLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading      = regexp.MustCompile(`(?m)^#+ (.+)$`)
	noAnchor     = regexp.MustCompile("[^a-z0-9 _-]+")
)

func TestLinksLeadSomewhere(t *testing.T) {
	all := pages(t)
	for page, text := range all {
		for _, found := range markdownLink.FindAllStringSubmatch(text, -1) {
			link := found[1]
			if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
				continue
			}
			file, anchor, _ := strings.Cut(link, "#")
			target := page
			if file != "" {
				target = path.Join(path.Dir(page), file)
				exists(t, page, target)
			}
			if anchor != "" && !slices.Contains(anchors(all[target]), anchor) {
				t.Errorf("%s points to %s, which has no heading #%s", page, target, anchor)
			}
		}
	}
}

// anchors gives the names under which a page's headings can be linked.
func anchors(text string) (names []string) {
	for _, found := range heading.FindAllStringSubmatch(text, -1) {
		names = append(names, strings.ReplaceAll(noAnchor.ReplaceAllString(strings.ToLower(found[1]), ""), " ", "-"))
	}
	return names
}

// TestFlagsExist also keeps other programs' long flags out of the pages for operators: nobody here would notice
// when they are wrong.
func TestFlagsExist(t *testing.T) {
	known := map[string]bool{"help": true}
	for _, command := range []string{"serve", "demo", "import"} {
		var usage bytes.Buffer
		config.Usage(&usage, command)
		for _, found := range regexp.MustCompile(`(?m)^  --([a-z-]+)`).FindAllStringSubmatch(usage.String(), -1) {
			known[found[1]] = true
		}
	}
	own := 0
	walk(t, func(file string) {
		if path.Dir(file) != "cmd/parley" || path.Ext(file) != ".go" {
			return
		}
		for _, found := range regexp.MustCompile(`set\.\w+\((?:&f\.\w+, )?"([a-z-]+)"`).FindAllStringSubmatch(read(t, file), -1) {
			known[found[1]] = true
			own++
		}
	})
	if len(known) < 25 || own < 6 {
		t.Fatalf("found %d flags, %d of them of single commands", len(known), own)
	}
	mention := regexp.MustCompile(`(?:^|[^-\w])--([a-z][a-z-]*)`)
	for page, text := range pages(t) {
		if page != "README.md" && !strings.HasPrefix(page, "docs/operate/") {
			continue
		}
		for _, found := range mention.FindAllStringSubmatch(text, -1) {
			if !known[found[1]] {
				t.Errorf("%s mentions --%s, which no command knows", page, found[1])
			}
		}
	}
}

// TestListsAreWhole compares what pages list with what the code has, both ways.
func TestListsAreWhole(t *testing.T) {
	for _, list := range []struct {
		what, page, listed string
		sources            []string
		defined            string
	}{
		{"events of the stream", "docs/embed/events.md", "(?m)^### `([a-z]+)`", []string{"internal/live/message.go"}, `(?m)^\tname\w+\s+= "([a-z]+)"`},
		{"custom properties", "docs/embed/theming.md", `(--parley-[a-z-]+)`, []string{"browser/conversation/embed.css"}, `var\((--parley-[a-z-]+)`},
		{"parts in templates and scripts", "docs/embed/theming.md", "(?m)^\\| `([a-z][a-z-]*)` \\|", []string{"internal/render/templates/*.html", "browser/conversation/*.ts"}, `\bpart(?:=|: )"([a-z-]+)"`},
		{"events of the element", "docs/embed/element.md", "`parley:([a-z]+)", []string{"browser/conversation/*.ts"}, `(?:emit\("|CustomEvent\("parley:)([a-z]+)"`},
		{"metrics", "docs/operate/metrics.md", `(parley_[a-z_]+?)(?:_bucket|_sum|_count)?\b`, []string{"internal/web/metrics.go", "internal/meter/process.go"}, `"(parley_[a-z_]+)"`},
	} {
		listed := unique(list.listed, read(t, list.page))
		var code strings.Builder
		for _, pattern := range list.sources {
			files, err := filepath.Glob(pattern)
			if err != nil || len(files) == 0 {
				t.Fatalf("%s: no files for %s: %v", list.what, pattern, err)
			}
			for _, file := range files {
				code.WriteString(read(t, file))
			}
		}
		defined := unique(list.defined, code.String())
		if len(defined) == 0 || !slices.Equal(listed, defined) {
			t.Errorf("%s:\n%s lists %v\nthe code has %v", list.what, list.page, listed, defined)
		}
	}
}

// unique gives what the first group of a pattern finds, sorted, each once.
func unique(pattern, text string) []string {
	var found []string
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found = append(found, match[1])
	}
	slices.Sort(found)
	return slices.Compact(found)
}
