package web_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/web"
)

var update = flag.Bool("update", false, "write the generated pages of the documentation")

func TestTheTableOfErrorsIsCurrent(t *testing.T) {
	var page bytes.Buffer
	page.WriteString(`# Errors

Every refusal is ` + "`application/problem+json`" + ` (RFC 9457) with a ` + "`code`" + ` that stays the same for ever, a ` + "`detail`" + ` that a
reader understands, the member at fault as ` + "`field`" + ` where there is one, and ` + "`retry_after`" + ` in seconds where waiting helps
(also as the header Retry-After). Programs go by the code; sentences may change.

This page is made from the code's own table; a test keeps the two equal.

| code | status |
|---|---|
`)
	for _, code := range parley.Codes() {
		fmt.Fprintf(&page, "| `%s` | %d |\n", code, web.StatusOf(code))
	}
	compare(t, "../../docs/errors.md", page.Bytes())
}

func TestTheTableOfLimitsIsCurrent(t *testing.T) {
	var page bytes.Buffer
	page.WriteString(`# Limits

What one request may bring, how often something may be done, and why. This page is made from the constants in the
code; a test keeps the two equal.

## Sizes, counts and times

| constant | value | what and why |
|---|---|---|
`)
	for _, row := range limits(t) {
		fmt.Fprintf(&page, "| %s | %s | %s |\n", row[0], row[1], row[2])
	}
	page.WriteString(`
## Pace

A burst at once, then one more each interval. Counted in the memory of each process; ` + "`--limits off`" + ` lifts them for
measuring, on a loopback address only. Who goes over gets 429 with Retry-After, and the draft is kept.

| what | at once | then one each | why |
|---|---|---|---|
`)
	for _, p := range web.Paces() {
		fmt.Fprintf(&page, "| %s | %d | %s | %s |\n", p.Name, p.Burst, p.Every, p.Why)
	}
	page.WriteString(`
## Under load

What one process takes at once. Whoever is turned away gets 503 with Retry-After, 1 to 10 seconds, another for
everybody, so that they do not all return together; cached pages are served all the while.

| what | at most | why |
|---|---|---|
`)
	for _, b := range web.Bounds() {
		fmt.Fprintf(&page, "| %s | %s | %s |\n", b.What, b.Most, b.Why)
	}
	compare(t, "../../docs/limits.md", page.Bytes())
}

// limits reads the constants of limits.go with their comments.
func limits(t *testing.T) (rows [][3]string) {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "../../limits.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := (&types.Config{Importer: importer.ForCompiler(files, "source", nil)}).Check("parley", files, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	why := ""
	for _, spec := range file.Decls[1].(*ast.GenDecl).Specs {
		value := spec.(*ast.ValueSpec)
		if doc := strings.Join(strings.Fields(value.Doc.Text()), " "); doc != "" {
			why = doc
		}
		c := checked.Scope().Lookup(value.Names[0].Name).(*types.Const)
		n, _ := constant.Int64Val(c.Val())
		shown := fmt.Sprint(n)
		if strings.HasSuffix(c.Type().String(), "Duration") {
			shown = time.Duration(n).String()
		}
		rows = append(rows, [3]string{c.Name(), shown, why})
	}
	return rows
}

func compare(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what the code says: run go test ./internal/web -update", path)
	}
}

func TestEveryKindHasAStatus(t *testing.T) {
	for _, code := range parley.Codes() {
		if web.StatusOf(code) < 400 {
			t.Errorf("%s has status %d", code, web.StatusOf(code))
		}
	}
}
