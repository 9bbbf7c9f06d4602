// Package browser_test runs the tests of the browser code's pure modules in a JavaScript engine written in Go
// and holds the bundles to their sizes, so that neither needs Node or a browser.
package browser_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dop251/goja"
	"github.com/evanw/esbuild/pkg/api"
)

// TestModules runs every *.test.ts; each test in it becomes a subtest.
func TestModules(t *testing.T) {
	files, err := filepath.Glob("*/*.test.ts")
	if err != nil || len(files) < 7 {
		t.Fatalf("found %d test files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".test.ts"), func(t *testing.T) { runModule(t, file) })
	}
}

func runModule(t *testing.T, file string) {
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{file}, Bundle: true, Format: api.FormatIIFE, Target: api.ES2020,
		Outfile: "test.js", LogLevel: api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		t.Fatalf("bundle %s: %v", file, result.Errors)
	}
	vm := goja.New()
	if _, err := vm.RunString(string(result.OutputFiles[0].Contents)); err != nil {
		t.Fatalf("load %s: %v", file, err)
	}
	value, err := vm.RunString("run()")
	if err != nil {
		t.Fatalf("run %s: %v", file, err)
	}
	var results [][2]string
	if err := vm.ExportTo(value, &results); err != nil || len(results) == 0 {
		t.Fatalf("%s reported %d tests, %v", file, len(results), err)
	}
	for _, one := range results {
		t.Run(one[0], func(t *testing.T) {
			if one[1] != "" {
				t.Error(one[1])
			}
		})
	}
}

// The budget, in bytes of gzip: what stands before the first comment is seen, one part loaded on need, and
// everything that is loaded up to a posted comment.
const (
	firstBudget = 9_000
	partBudget  = 6_000
	pathBudget  = 20_000
)

// path lists the parts somebody needs who registers, previews and posts.
var path = []string{"embed", "write", "live", "account", "popup", "preview"}

// TestBudget also holds every part to one file: a chunk that it imports at once would be a second request, before
// the first comment in the case of the first script.
func TestBudget(t *testing.T) {
	onPath, all, found := 0, 0, 0
	for _, entry := range []string{"conversation/embed.ts", "argument/passages.ts", "argument/question.ts"} {
		for part, size := range weigh(t, entry) {
			all += size
			if slices.Contains(path, part) {
				onPath += size
				found++
			}
			t.Logf("%6d  %s", size, part)
			budget := partBudget
			if part == "embed" {
				budget = firstBudget
			}
			if size > budget {
				t.Errorf("%s has %d bytes, the budget is %d", part, size, budget)
			}
		}
	}
	t.Logf("%6d  up to a posted comment, %d all", onPath, all)
	if onPath > pathBudget || found != len(path) {
		t.Errorf("%d of %d parts up to a posted comment have %d bytes, the budget is %d", found, len(path), onPath, pathBudget)
	}
}

// weigh bundles an entry and gives the size of each part by its name.
func weigh(t *testing.T, entry string) map[string]int {
	t.Helper()
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{entry}, Bundle: true, Splitting: true, Format: api.FormatESModule,
		Target: api.ES2022, MinifySyntax: true, MinifyWhitespace: true, MinifyIdentifiers: true,
		Outdir: "dist", Metafile: true, LogLevel: api.LogLevelSilent,
	})
	if len(result.Errors) > 0 {
		t.Fatalf("bundle %s: %v", entry, result.Errors)
	}
	var meta struct {
		Outputs map[string]struct {
			EntryPoint string
			Imports    []struct{ Path, Kind string }
		}
	}
	if err := json.Unmarshal([]byte(result.Metafile), &meta); err != nil {
		t.Fatalf("read metafile: %v", err)
	}
	sizes := map[string]int{}
	for _, file := range result.OutputFiles {
		output := meta.Outputs["dist/"+filepath.Base(file.Path)]
		part := strings.TrimSuffix(filepath.Base(output.EntryPoint), ".ts")
		sizes[part] = gzipped(t, file.Contents)
		for _, imported := range output.Imports {
			if imported.Kind == "import-statement" {
				t.Errorf("%s needs %s as well: hand it over through the room", part, imported.Path)
			}
		}
	}
	return sizes
}

func gzipped(t *testing.T, content []byte) int {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}
