package transfer

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley"
)

var update = flag.Bool("update", false, "write what the exports in testdata become into testdata, to be read by a person")

// scripts are the exports in testdata, each with what it is about.
var scripts = []struct {
	name  string
	files []string
	with  func(*Options)
}{
	{name: "plain"},  // threads, replies before parents, sections, what is no reader's comment
	{name: "items"},  // what becomes a story and what does not
	{name: "dates"},  // zero, absurd, local, and replies older than what they answer
	{name: "people"}, // who is who
	{name: "orphans"},
	{name: "texts"},
	{name: "careless"}, // characters, ampersands and bytes that XML forbids
	{name: "latin1"},
	{name: "split", files: []string{"split-1", "split-2"}},
	{name: "moved", files: []string{"items"}, with: func(o *Options) {
		o.Rewrites = []Rewrite{{"https://old-courier.example", "https://courier.example/archive"}, {"https://courier.example/?p=14", "https://courier.example/fourteen"}}
		o.Types = []string{"product", "post"}
	}},
}

func TestExportsBecomeThreads(t *testing.T) {
	for _, script := range scripts {
		t.Run(script.name, func(t *testing.T) {
			files := script.files
			if files == nil {
				files = []string{script.name}
			}
			options := Options{Site: courier, Now: today, Zone: time.FixedZone("", 3600)}
			if script.with != nil {
				script.with(&options)
			}
			f := newForum(t)
			options.Writer = f
			report, err := WordPress(t.Context(), testFiles(t, files...), options)
			if err != nil {
				t.Fatal(err)
			}
			first := f.String()
			golden(t, script.name, first+"\n"+printed(t, report))

			again, err := WordPress(t.Context(), testFiles(t, files...), options)
			if err != nil {
				t.Fatal(err)
			}
			if got := f.String(); got != first {
				t.Errorf("a second run changed something:\n%s", got)
			}
			if again.Stories.New+again.Readers.New+again.Comments.New+again.Placeholders.New > 0 {
				t.Errorf("a second run claims to have added something: %+v", again)
			}

			options.Writer = nil
			dry, err := WordPress(t.Context(), testFiles(t, files...), options)
			if err != nil {
				t.Fatal(err)
			}
			dry.Dry = false
			if got, want := printed(t, dry), printed(t, report); got != want {
				t.Errorf("a dry run reports\n%s\nand the real one\n%s", got, want)
			}
		})
	}
}

func TestABrokenOffFileIsSaidSoAndFinishedLater(t *testing.T) {
	whole, err := os.ReadFile("testdata/orphans.xml")
	if err != nil {
		t.Fatal(err)
	}
	want := newForum(t)
	run(t, want, whole)
	told := regexp.MustCompile(`^export\.xml ends in the middle, in line [0-9]+\. [0-9]+ stories and [0-9]+ comments up to there are in\. Get the whole file and run the same command again: it goes on where this one ended, and nothing is added twice$`)
	for end := 400; end < len(whole)-10; end += 211 {
		f := newForum(t)
		_, err := WordPress(t.Context(), inMemory(whole[:end]), Options{Site: courier, Writer: f, Now: today})
		if err == nil || !told.MatchString(err.Error()) {
			t.Fatalf("cut after %d bytes: %v", end, err)
		}
		run(t, f, whole)
		if got := f.String(); got != want.String() {
			t.Fatalf("cut after %d bytes and run again, the forum is\n%s\nwant\n%s", end, got, want)
		}
	}
}

func TestRepliesToATalkImportedEarlierFindIt(t *testing.T) {
	f := newForum(t)
	for _, name := range []string{"split-1", "split-2", "split-1"} {
		content, err := os.ReadFile("testdata/" + name + ".xml")
		if err != nil {
			t.Fatal(err)
		}
		run(t, f, content)
	}
	drawn := f.String()
	want := "  #1 2024-02-01T09:00:00Z Ana Lund, published: \"Opens\"\n"
	if !strings.Contains(drawn, want) || !strings.Contains(drawn, "  #3 ") || strings.Count(drawn, "removed") != 1 {
		t.Errorf("three runs, one file each, gave\n%s", drawn)
	}
	if c := f.comments["wordpress:courier.example 2"]; c.State != parley.Published || c.Body == "" {
		t.Errorf("the placeholder was not filled: %+v", c)
	}
}

func TestFilesThatAreNoExports(t *testing.T) {
	item := `<item><title>A</title><link>https://courier.example/a/</link><wp:post_id>1</wp:post_id></item>`
	head := `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>`
	site := `<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://courier.example</wp:base_blog_url>`
	for content, want := range map[string]string{
		"":                     "export.xml is empty or not a WordPress export",
		"Dear Sir or Madam":    "export.xml ends in the middle|export.xml is empty or not a WordPress export",
		"<html><body/></html>": "export.xml cannot be read beyond line 1: it is not a WordPress export (WXR 1.0 to 1.2). 0 stories and 0 comments up to there are in.",
		"<rss><channel><title>A feed</title></channel></rss>": "it is not a WordPress export (WXR 1.0 to 1.2)",
		head + site:                      "export.xml ends in the middle, in line 1.",
		head + item + "</channel></rss>": "it does not say, before its first page, which version of the format it is in and which site it comes from",
		head + "<wp:wxr_version>2.0</wp:wxr_version>" + item + "</channel></rss>": `it is of version "2.0" of the format, and we know 1.0 to 1.2`,
		"<!DOCTYPE rss [<!ENTITY a \"b\">]>" + head:                               "it has a document type (<!DOCTYPE), which exports do not need and we do not read",
		head + site + "<!ENTITY x SYSTEM \"file:///etc/passwd\">":                 "it has a document type",
		head + site + strings.Repeat("<a>", 200_000):                              "its elements lie more than 64 deep in each other",
		head + site + "<a " + strings.Repeat("x", maxTag) + ">":                   "it has a tag of more than 64 kB",
		head + site + `<a b="` + strings.Repeat("> ", maxTag) + `">`:              "it has a tag of more than 64 kB",
		head + site + "<?x " + strings.Repeat("> <", maxTag) + "?>":               "it has a tag of more than 64 kB",
		head + site + "</channel></rss></rss>":                                    "export.xml is damaged in line 1|<nil>",
		`<?xml version="1.0" encoding="klingon"?>` + head:                         `it says that it is written in "klingon", which is unknown`,
		"\xff\xfe<\x00r\x00s":                                                     "export.xml ends in the middle",
	} {
		f := newForum(t)
		_, err := WordPress(t.Context(), inMemory([]byte(content)), Options{Site: courier, Writer: f, Now: today})
		found := false
		for _, one := range strings.Split(want, "|") {
			found = found || strings.Contains(fmt.Sprint(err), one)
		}
		if !found {
			t.Errorf("%.80q gives %v, want %s", content, err, want)
		}
		if len(f.stories)+len(f.comments) > 0 {
			t.Errorf("%.80q was imported", content)
		}
	}
	missing := File{Name: "gone.xml", Open: func() (io.ReadCloser, error) { return nil, os.ErrNotExist }}
	if _, err := WordPress(t.Context(), []File{missing}, Options{Site: courier}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there gives %v", err)
	}
}

func TestWhatTheWriterRefusesIsLeftOutAlone(t *testing.T) {
	f := newForum(t)
	f.refuse = func(record any) error {
		switch r := record.(type) {
		case CommentRecord:
			if r.SourceID == "1" && !r.Placeholder() {
				return parley.Errorf(parley.CodeBodyTangled, "Too many asterisks.")
			}
		case StoryRecord:
			if r.SourceID == "2" {
				return parley.Errorf(parley.CodeBadStory, "Not this one.")
			}
		}
		return nil
	}
	content, err := os.ReadFile("testdata/orphans.xml")
	if err != nil {
		t.Fatal(err)
	}
	report := run(t, f, content)
	if c := f.comments["wordpress:courier.example 1"]; c == nil || !c.Placeholder() {
		t.Errorf("a refused comment with replies became %+v, want a placeholder", c)
	}
	if report.Skipped[CommentRefused] != 1 || report.Items[StoryRefused] != 1 || report.Skipped[under(StoryRefused)] != 2 {
		t.Errorf("refusals are counted as %v and %v", report.Skipped, report.Items)
	}
	if report.Total() != 26 {
		t.Errorf("the report accounts for %d of 26 comments", report.Total())
	}
}

func TestAFailingWriterEndsTheImport(t *testing.T) {
	content, err := os.ReadFile("testdata/orphans.xml")
	if err != nil {
		t.Fatal(err)
	}
	full := parley.Errorf(parley.CodeStorageFull, "The disk is full.")
	for _, at := range []string{"story", "reader", "comment", "placeholder"} {
		f := newForum(t)
		f.refuse = func(record any) error {
			kind := map[bool]string{true: "story"}[fmt.Sprintf("%T", record) == "transfer.StoryRecord"]
			switch r := record.(type) {
			case ReaderRecord:
				kind = "reader"
			case CommentRecord:
				kind = "comment"
				if r.Placeholder() {
					kind = "placeholder"
				}
			}
			if kind == at {
				return full
			}
			return nil
		}
		_, err := WordPress(t.Context(), inMemory(content), Options{Site: courier, Writer: f, Now: today})
		if parley.CodeOf(err) != parley.CodeStorageFull {
			t.Errorf("with the disk full at a %s: %v", at, err)
		}
		f.refuse = nil
		run(t, f, content)
		want := newForum(t)
		run(t, want, content)
		if f.String() != want.String() {
			t.Errorf("after a disk full at a %s and a second run:\n%s", at, f)
		}
	}
}

func TestAnImportCanBeStopped(t *testing.T) {
	content, err := os.ReadFile("testdata/items.xml")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	f := newForum(t)
	f.refuse = func(any) error { stop(); return nil }
	if _, err := WordPress(ctx, inMemory(content), Options{Site: courier, Writer: f, Now: today}); !errors.Is(err, context.Canceled) {
		t.Errorf("a stopped import gives %v", err)
	}
	if len(f.stories) > 1 {
		t.Errorf("it wrote %d stories after it was stopped", len(f.stories))
	}
}

func TestProgressReachesTheEnd(t *testing.T) {
	files := testFiles(t, "plain", "items", "orphans")
	var total, last int64
	for _, file := range files {
		total += file.Size
	}
	_, err := WordPress(t.Context(), files, Options{Site: courier, Now: today, Progress: func(read, of int64) {
		if read < last || of != total {
			t.Errorf("progress went from %d to %d of %d, want of %d", last, read, of, total)
		}
		last = read
	}})
	if err != nil || last != total {
		t.Errorf("progress ended at %d of %d: %v", last, total, err)
	}
}

func TestFilesAreLookedUpFirst(t *testing.T) {
	if _, err := Files("testdata/plain.xml", "testdata/none.xml", "testdata"); err == nil ||
		!strings.Contains(err.Error(), "none.xml") || !strings.Contains(err.Error(), "testdata is not a file") {
		t.Errorf("missing files give %v", err)
	}
}

func run(t *testing.T, f *forum, content []byte) *Report {
	t.Helper()
	report, err := WordPress(t.Context(), inMemory(content), Options{Site: f.site, Writer: f, Now: today})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func inMemory(content []byte) []File {
	open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(string(content))), nil }
	return []File{{Name: "export.xml", Size: int64(len(content)), Open: open}}
}

func testFiles(t *testing.T, names ...string) []File {
	t.Helper()
	var paths []string
	for _, name := range names {
		paths = append(paths, filepath.Join("testdata", name+".xml"))
	}
	files, err := Files(paths...)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func printed(t *testing.T, r *Report) string {
	t.Helper()
	var b strings.Builder
	if err := r.Print(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s gives\n%s\nwant\n%s", name, got, want)
	}
}
