package markup

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "rewrite golden files")

// TestDialect compares each testdata/dialect/*.md, rendered, with the .html
// beside it. To add a case, add a file and run with -update.
func TestDialect(t *testing.T) {
	for name, body := range dialect(t) {
		rendered, err := Comment(body)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := audit(rendered, commentElements); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		golden(t, strings.TrimSuffix(name, ".md")+".html", breakBlocks(rendered))
	}
}

func dialect(t testing.TB) map[string]string {
	t.Helper()
	names, err := filepath.Glob("testdata/dialect/*.md")
	if err != nil || len(names) < 15 {
		t.Fatalf("found %d golden files: %v", len(names), err)
	}
	bodies := map[string]string{}
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		bodies[name] = string(body)
	}
	return bodies
}

// golden compares got with a file, or writes it when -update is given.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
	}
}

// breakBlocks sets blocks on lines of their own, for people who read the file.
func breakBlocks(rendered string) string {
	return strings.NewReplacer("</p>", "</p>\n", "<br>", "<br>\n", "</li>", "</li>\n", "</pre>", "</pre>\n", "<hr>", "<hr>\n",
		"</ul>", "</ul>\n", "</ol>", "</ol>\n", "</blockquote>", "</blockquote>\n").Replace(rendered)
}

// TestManyAtOnce renders and imports from many goroutines: parser, policies
// and converter are shared.
func TestManyAtOnce(t *testing.T) {
	bodies := dialect(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for name, body := range bodies {
				if _, err := Comment(body); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				if _, err := FromHTML(body); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		})
	}
	group.Wait()
}
