package press

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const goodFront = "---\ntitle: Two ships\npublished: 2026-11-16T06:30:00+01:00\n---\n"

func TestArticleCarriesWhatItsFileSays(t *testing.T) {
	p := load(t, fstest.MapFS{
		"two-ships.svg": {Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1120 560"/>`)},
		"two-ships.md": {Data: []byte("\ufeff---\r\ntitle: \"What neutrality costs\"\r\nstandfirst: >\r\n  We bank it\r\n  as a business.\r\n" +
			"section: Opinion\r\nauthor: Aurel Whitcombe\r\npublished: 2026-11-16T06:30:00+05:30\r\nupdated: 2026-11-17T06:30:00Z\r\n" +
			"picture: two-ships.svg\r\ncaption: Two ships\r\nalt: Ships at a quay\r\nnote: He left in spring.\r\nclosed: true\r\n---\r\n\r\n" +
			strings.Repeat("word ", 600) + "\r\n\r\nA second paragraph.\r\n")},
	})
	a := p.Edition().Article("two-ships")
	if a == nil {
		t.Fatalf("the article is missing: %v", p.Edition().Problems)
	}
	for name, pair := range map[string][2]any{
		"title":      {a.Title, "What neutrality costs"},
		"standfirst": {a.Standfirst, "We bank it as a business."},
		"section":    {a.Section, "Opinion"},
		"author":     {a.Author, "Aurel Whitcombe"},
		"published":  {a.Published.Format("Monday 2 January 2006, 15.04 MST"), "Monday 16 November 2026, 06.30 UTC+5:30"},
		"updated":    {a.Updated.Format(time.RFC3339), "2026-11-17T06:30:00Z"},
		"caption":    {a.Caption, "Two ships"},
		"alt":        {a.Alt, "Ships at a quay"},
		"note":       {a.Note, "He left in spring."},
		"closed":     {a.Closed, true},
		"path":       {a.Path(), "/articles/two-ships"},
		"words":      {a.Words, 603},
		"minutes":    {a.Minutes, 3},
		"blocks":     {len(a.Blocks), 2},
		"width":      {a.Picture.Width, 1120},
		"height":     {a.Picture.Height, 560},
		"picture":    {a.Picture.Path(), "/articles/two-ships.svg"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is %v, want %v", name, pair[0], pair[1])
		}
	}
	if !strings.Contains(a.HTML, "A second paragraph.") {
		t.Errorf("the body is %q", a.HTML)
	}
}

func TestMistakesNameFileAndKey(t *testing.T) {
	for front, want := range map[string]string{
		"published: 2026-11-16T06:30:00+01:00":              `a.md: the key "title" is missing`,
		"title: \"\"\npublished: 2026-11-16T06:30:00+01:00": `a.md: the key "title" is missing`,
		"title: X":                                          `a.md: the key "published" is missing`,
		"title: X\npublished: yesterday":                    `a.md: the key "published" must be a date, time and zone like 2026-11-19T06:00:00+01:00`,
		"title: X\npublished: 2026-11-16":                   `a.md: the key "published" must be a date, time and zone like 2026-11-19T06:00:00+01:00`,
		"title: X\nupdated: 2026-13-01T00:00:00Z":           `a.md: the key "updated" must be a date, time and zone like 2026-11-19T06:00:00+01:00`,
		"title: X\nautor: Y":                                `a.md: the key "autor" is unknown; those known are alt, author, author_email, caption, closed, note, passages, picture, published, questions, section, standfirst, title, updated, written`,
		"title: 1984":                                       `a.md: the key "title" must be text; put it in quotes`,
		"title: X\nsection: [a, b]":                         `a.md: the key "section" must be text; put it in quotes`,
		"title: X\nclosed: soon":                            `a.md: the key "closed" must be true or false`,
		"title: " + strings.Repeat("x", 301):                `a.md: the key "title" is longer than 300 characters`,
		goodKeys + "\nsection: " + strings.Repeat("x", 101): `a.md: the key "section" is longer than 100 characters`,
		"title: A war: the end":                             `a.md: the front matter is not YAML: mapping value is not allowed in this context (line 2)`,
		"title: X\ntitle: Y":                                `a.md: the front matter is not YAML: mapping key "title" already defined at [2:1] (line 3)`,
		"- title":                                           `a.md: the front matter is not YAML: sequence was used where mapping is expected (line 2)`,
		goodKeys + "\npicture: missing.png":                 `a.md: the key "picture" names the picture missing.png, which cannot be opened`,
		goodKeys + "\npicture: ../a.png":                    `a.md: the key "picture" must name a file in this folder that ends in .png, .jpg, .jpeg, .webp or .svg`,
		goodKeys + "\npicture: /etc/a.png":                  `a.md: the key "picture" must name a file in this folder that ends in .png, .jpg, .jpeg, .webp or .svg`,
		goodKeys + "\npicture: a.gif":                       `a.md: the key "picture" must name a file in this folder that ends in .png, .jpg, .jpeg, .webp or .svg`,
		goodKeys + "\npicture: 7":                           `a.md: the key "picture" must name a file in this folder that ends in .png, .jpg, .jpeg, .webp or .svg`,
		goodKeys + "\npicture: text.png":                    `a.md: the key "picture" names the picture text.png, which is not a readable image/png`,
		goodKeys + "\npicture: folder.png":                  `a.md: the key "picture" names the picture folder.png, which cannot be opened`,
	} {
		p := load(t, fstest.MapFS{
			"a.md":         {Data: []byte("---\n" + front + "\n---\nText.\n")},
			"b.md":         {Data: []byte(goodFront + "Text.\n")},
			"text.png":     {Data: []byte("<script>alert(1)</script>")},
			"folder.png/x": {},
		})
		if got := sentences(p.Edition()); len(got) != 1 || got[0] != want {
			t.Errorf("front matter %q gives %q, want %q", front, got, want)
		}
		if p.Edition().Article("b") == nil || p.Edition().Article("a") != nil {
			t.Errorf("front matter %q: the bad file must be left out and the good one served", front)
		}
	}
}

const goodKeys = "title: X\npublished: 2026-11-16T06:30:00+01:00"

func TestFilesThatAreNoArticles(t *testing.T) {
	p := load(t, fstest.MapFS{
		"README.md":     {Data: []byte(goodFront)},
		"plain.md":      {Data: []byte("# No front matter\n")},
		"open.md":       {Data: []byte("---\ntitle: X\n")},
		"huge.md":       {Data: []byte(goodFront + strings.Repeat("x", maxFile))},
		".hidden.md":    {Data: []byte("editors leave such files")},
		"notes.txt":     {Data: []byte("not Markdown")},
		"good.md":       {Data: []byte(goodFront + "Text.")},
		"folder.md/x":   {},
		"folder/sub.md": {Data: []byte(goodFront)},
	})
	want := []string{
		`README.md: a file's name becomes the article's address, so it must be small letters, digits and hyphens with ".md"`,
		`folder.md: must be a file of at most 1024 kB`,
		`huge.md: must be a file of at most 1024 kB`,
		`open.md: the front matter must end with a line of "---"`,
		`plain.md: the file must open with front matter after a line of "---"`,
	}
	if got := sentences(p.Edition()); !slices.Equal(got, want) {
		t.Errorf("problems are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := p.Edition().Articles; len(got) != 1 || got[0].Slug != "good" {
		t.Errorf("articles are %v, want only good", got)
	}
}

func TestListsAreNewestFirst(t *testing.T) {
	dir := fstest.MapFS{}
	for i, section := range []string{"World", "Opinion", "World", ""} {
		front := fmt.Sprintf("---\ntitle: T%d\nsection: %q\npublished: 2026-11-1%dT06:30:00+01:00\n---\nText.", i, section, i)
		dir[fmt.Sprintf("a%d.md", i)] = &fstest.MapFile{Data: []byte(front)}
	}
	e := load(t, dir).Edition()
	if got := slugs(e.Articles); got != "a3 a2 a1 a0" {
		t.Errorf("articles are %s", got)
	}
	if got := e.Sections(); !slices.Equal(got, []string{"Opinion", "World"}) {
		t.Errorf("sections are %q", got)
	}
	if got := slugs(e.In("World")); got != "a2 a0" {
		t.Errorf("World has %s", got)
	}
}

func TestChangesAppearAfterASecond(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "a.md", goodFront+"First text.")
	p, clock := loadFolder(t, folder)
	first := p.Edition()

	info, err := os.Stat(filepath.Join(folder, "a.md"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, folder, "a.md", goodFront+"Other text.") // the same number of bytes, in the same tick of the clock
	if err := os.Chtimes(filepath.Join(folder, "a.md"), time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
	write(t, folder, "b.md", goodFront+"Text.")
	if p.Edition() != first {
		t.Error("the folder was looked at again within a second")
	}
	*clock = clock.Add(lookEvery)
	second := p.Edition()
	if a := second.Article("a"); a == nil || !strings.Contains(a.HTML, "Other text.") || second.Article("b") == nil {
		t.Errorf("the changes have not arrived: %v", second.Articles)
	}
	if second.Version == first.Version || second.Article("a").Version == first.Article("a").Version {
		t.Error("versions stayed the same although the text changed")
	}
	if !strings.Contains(first.Article("a").HTML, "First text.") {
		t.Error("an edition given out has changed")
	}

	*clock = clock.Add(time.Hour)
	third := p.Edition()
	if third.Version != second.Version || third.Article("a") != second.Article("a") {
		t.Error("an untouched folder gave another version")
	}
	if err := os.Remove(filepath.Join(folder, "b.md")); err != nil {
		t.Fatal(err)
	}
	*clock = clock.Add(lookEvery)
	if p.Edition().Article("b") != nil {
		t.Error("a removed file is still served")
	}
}

func TestASpoiledFileKeepsItsLastGoodText(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "a.md", goodFront+"Good text.")
	p, clock := loadFolder(t, folder)
	var reported []string
	p.Report(func(err error) { reported = append(reported, err.Error()) })

	write(t, folder, "a.md", "---\ntitle: X\n---\nBad.")
	for range 3 {
		*clock = clock.Add(lookEvery)
		if a := p.Edition().Article("a"); a == nil || !strings.Contains(a.HTML, "Good text.") {
			t.Fatal("the last good text is gone")
		}
	}
	if want := []string{`a.md: the key "published" is missing`}; !slices.Equal(reported, want) {
		t.Errorf("reported %q, want %q once", reported, want)
	}
	write(t, folder, "a.md", goodFront+"Mended text.")
	*clock = clock.Add(lookEvery)
	if e := p.Edition(); len(e.Problems) != 0 || !strings.Contains(e.Article("a").HTML, "Mended text.") {
		t.Errorf("the mended file is not served: %v", e.Problems)
	}
}

func TestALatePictureMendsItsArticle(t *testing.T) {
	folder := t.TempDir()
	write(t, folder, "a.md", "---\n"+goodKeys+"\npicture: a.svg\n---\nText.")
	p, clock := loadFolder(t, folder)
	if len(p.Edition().Articles) != 0 {
		t.Fatal("an article without its picture is served")
	}
	write(t, folder, "a.svg", `<svg viewBox="0 0 30 20"/>`)
	*clock = clock.Add(time.Hour)
	if a := p.Edition().Article("a"); a == nil || a.Picture.Width != 30 {
		t.Fatal("the article did not come with its picture")
	}
	write(t, folder, "a.svg", `<svg viewBox="0 0 300 200"/>`)
	*clock = clock.Add(time.Hour)
	if a := p.Edition().Article("a"); a.Picture.Width != 300 {
		t.Error("the size of a replaced picture is the old one")
	}
}

func TestALostFolderKeepsTheArticles(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "articles")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, folder, "a.md", goodFront+"Text.")
	p, err := Load(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := p.Reload(); err == nil {
		t.Error("a lost folder is no error")
	}
	if p.Edition().Article("a") == nil {
		t.Error("the articles went with the folder")
	}
	if _, err := Load(os.DirFS(folder)); err == nil {
		t.Error("loading a folder that is not there succeeded")
	}
}

func load(t *testing.T, dir fstest.MapFS) *Publication {
	t.Helper()
	p, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// loadFolder loads a folder on disk with a clock that only the test moves.
func loadFolder(t *testing.T, folder string) (*Publication, *time.Time) {
	t.Helper()
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	clock := time.Now()
	p := &Publication{dir: root.FS(), now: func() time.Time { return clock }, files: map[string]*file{}, told: map[string]bool{}}
	if err := p.Reload(); err != nil {
		t.Fatal(err)
	}
	return p, &clock
}

func write(t *testing.T, folder, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func sentences(e *Edition) []string {
	var all []string
	for _, problem := range e.Problems {
		all = append(all, problem.Error())
	}
	return all
}

func slugs(articles []*Article) string {
	var all []string
	for _, a := range articles {
		all = append(all, a.Slug)
	}
	return strings.Join(all, " ")
}
