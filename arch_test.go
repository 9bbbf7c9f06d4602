package parley_test

import (
	"bufio"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// floors is the house: a package imports only lower floors, never a neighbour. A new package gets its floor
// here, with a thought about what it may know.
var floors = map[string]int{
	".": 0,

	// What everything may tell where it spends its time, and count; they know nothing of Parley.
	"internal/trace": 0, "internal/meter": 0,

	// Nor does this, which computes in a process of its own.
	"internal/hashing": 0,

	"internal/config": 1, "internal/db": 1, "internal/locale": 1, "internal/mail": 1, "internal/markup": 1,
	"internal/quota": 1, "internal/recent": 1, "internal/anchor": 1, "internal/forecast": 1, "internal/chart": 1, "internal/plate": 1,

	"internal/store": 2,

	"internal/live": 3, "internal/seal": 3, "internal/changes": 3,

	"internal/conversation": 4, "internal/identity": 4, "internal/moderation": 4, "internal/notify": 4,
	"internal/press": 4, "internal/transfer": 4, "internal/passages": 4, "internal/question": 4,
	"internal/move": 4, "internal/doctor": 4, "internal/backup": 4,

	"internal/render": 5,

	"internal/web/assets": 5,

	"internal/web": 6,

	"internal/web/page": 7,

	"internal/demo": 8, "internal/web/api": 8, "internal/web/ask": 8, "internal/web/desk": 8, "internal/web/pages": 8,

	"cmd/assets": 9, "cmd/parley": 9,

	// The load driver stands beside the product: nothing but its peer knows anything of it.
	"bench/figures": 1, "bench/words": 1, "bench/machine": 2, "bench/drive": 2, "bench/show": 2, "bench/bare": 3,
	"bench/peer": 5, "bench": 9,

	// So does what torments the real program.
	"cmd/torture/internal/journal": 1, "cmd/torture/internal/disk": 1, "cmd/torture/internal/postgres": 1, "cmd/torture/internal/broken": 1,
	"cmd/torture/internal/broker": 1,
	"cmd/torture/internal/forum":  3, "cmd/torture/internal/look": 4, "cmd/torture/internal/load": 5, "cmd/torture": 9,
}

// testOnly packages serve tests on the floor of what they open; no shipped package imports them.
var testOnly = map[string]bool{"internal/store/storetest": true, "internal/mail/mailtest": true, "internal/web/webtest": true, "internal/e2e": true, "browser": true}

const (
	maxLines = 500 // a longer file holds more than one idea
	maxFiles = 20  // Go files of a package, tests aside
)

type pkg struct {
	dir     string
	files   []string
	imports map[string]string // import path → file that has it
}

func TestFloors(t *testing.T) {
	for _, p := range packages(t) {
		if testOnly[p.dir] {
			continue
		}
		floor, known := floors[p.dir]
		if !known && len(p.files) > 0 {
			t.Errorf("package %s has no floor: decide what it may know and add it to the table in arch_test.go", p.dir)
			continue
		}
		if len(p.files) > maxFiles {
			t.Errorf("package %s has %d Go files, more than %d: it holds more than one idea", p.dir, len(p.files), maxFiles)
		}
		for imported, file := range p.imports {
			dir, ours := strings.CutPrefix(imported, "parley/")
			switch {
			case imported == "parley":
				dir = "."
			case !ours && p.dir == "." && strings.Contains(imported, "."):
				t.Errorf("%s imports %s: the nouns stand on the standard library alone", file, imported)
				continue
			case !ours:
				continue
			}
			if testOnly[dir] {
				t.Errorf("%s imports %s, which is for tests", file, imported)
			} else if floors[dir] >= floor {
				t.Errorf("%s (floor %d) imports %s (floor %d): a package knows only lower floors; neighbours meet through nouns, events or a small interface of the caller's",
					file, floor, imported, floors[dir])
			}
		}
	}
}

func TestFilesAreSmall(t *testing.T) {
	walk(t, func(file string) {
		switch path.Ext(file) {
		case ".go", ".ts", ".css", ".sql", ".html":
		default:
			return
		}
		if n := lines(t, file); n > maxLines && !strings.Contains(file, "/dist/") {
			t.Errorf("%s has %d lines, more than %d", file, n, maxLines)
		}
	})
}

// TestTheServerLinksNoBuildTools keeps the bundler and the test engines out of what operators run.
func TestTheServerLinksNoBuildTools(t *testing.T) {
	if _, err := os.Stat("cmd/parley"); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "./cmd/parley").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, banned := range []string{"evanw/esbuild", "dop251/goja", "chromedp", "kin-openapi", "go-internal/testscript", "nats-io/nats-server"} {
		if strings.Contains(string(out), banned) {
			t.Errorf("cmd/parley links %s, which only builds or tests", banned)
		}
	}
}

func packages(t *testing.T) []pkg {
	t.Helper()
	byDir := map[string]*pkg{}
	walk(t, func(file string) {
		if path.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return
		}
		dir := path.Dir(file)
		p := byDir[dir]
		if p == nil {
			p = &pkg{dir: dir, imports: map[string]string{}}
			byDir[dir] = p
		}
		p.files = append(p.files, file)
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(fmt.Errorf("%s: %w", file, err))
			}
			p.imports[imported] = file
		}
	})
	var all []pkg
	for _, p := range byDir {
		all = append(all, *p)
	}
	return all
}

func walk(t *testing.T, each func(file string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && file != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules") {
			return fs.SkipDir
		}
		if !d.IsDir() {
			each(filepath.ToSlash(file))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func lines(t *testing.T, file string) (n int) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	scan := bufio.NewScanner(f)
	scan.Buffer(nil, 1<<22)
	for scan.Scan() {
		n++
	}
	return n
}
