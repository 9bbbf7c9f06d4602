package plate

import (
	"fmt"
	"html/template"
	"math/rand/v2"
	"strings"
	"testing"
)

type id int64

func (i id) String() string { return fmt.Sprint(int64(i), "<i>") }

type state string

type inner struct {
	Name  string
	Count int
}

func (in inner) Twice(s string, n int, more ...any) string {
	return strings.Repeat(in.Name, 2) + s + fmt.Sprint(n, len(more))
}

// view has a field of every kind that plates know.
type view struct {
	inner
	Text  string
	ID    id
	State state
	N     int
	On    bool
	HTML  template.HTML
	Attr  template.HTMLAttr
	Some  *inner
	None  *inner
	List  []inner
	Empty []string
}

func (v *view) Same(s string) string   { return s }
func (v *view) Under() *inner          { return v.Some }
func (v *view) Trusted() template.HTML { return v.HTML }

// known are templates that use all that plates know, in every place where a value may stand.
var known = []string{
	`<p>{{.Text}} {{.ID}} {{.State}} {{.N}} {{.HTML}} {{.Attr}} {{.Trusted}} {{.Count}}</p>`,
	`<p title="{{.Text}} {{.ID}} {{.State}} {{.N}} {{.Attr}}" {{.Attr}} data-url="{{.Text}}" data-x='{{.Text}}'>`,
	`<a href="{{.Text}}">{{.Text}}</a><a href="{{.Text}}/x">`,
	`<a href="/x/{{.Text}}/{{.N}}">`,
	`<a href="https://x.example/{{.Text}}?a={{.Text}}#{{.Text}}-{{.ID}}">`,
	`{{if .On}}a{{else if .Text}}b{{else}}c{{end}}{{if not .On}}d{{end}}{{if or .N .On .Text}}e{{end}}{{if and .N .On}}f{{else}}g{{end}}`,
	`{{if eq .State "open"}}a{{end}}{{if ne .Text "x"}}b{{end}}{{if eq .Text .Name}}c{{end}}{{if not (or .On .N)}}d{{end}}`,
	`{{with .Some}}{{.Name}}{{$.Text}}{{else}}none{{end}}{{with .None}}{{.Name}}{{else}}none{{end}}{{with .Text}}<b title="{{.}}">{{.}}</b>{{end}}{{with .N}}{{.}}{{end}}`,
	`{{range .List}}<i>{{.Name}} {{.Count}} {{$.Text}} {{.Twice "a" 3 $.Text}}</i>{{else}}none{{end}}{{range .Empty}}{{.}}{{else}}none{{end}}`,
	`{{.Twice .Text .N}} {{.Twice "<" 2 .On .List}} {{$.Same .Text}} {{or .Text .Name}} {{len .List}} {{.Under.Name}}`,
	`{{template "part" .Some}}{{template "plain"}}{{template "whole" .}}{{define "part"}}{{if .}}{{.Name}}{{$.Count}}{{end}}{{end}}{{define "plain"}}plain{{end}}{{define "whole"}}{{.Text}}{{end}}`,
}

// chosen are strings that mean something somewhere.
var chosen = []string{
	"", "a", `"`, "'", "<", ">", "&", "+", "`", "=", "\x00", "\xff", "\u2028", "\ufffd", "\ufdd0", "é", "%", "%4", "%41", "%zz", ":", "/", "?", "#", "(", ")", " ", "\n",
	"javascript:", "JavaScript:", "https:", "HTTP:", "mailto:", "data:", "open", "x", "</script>", "<!--", "&lt;",
}

func random(dice *rand.Rand) string {
	var b strings.Builder
	for range dice.IntN(6) {
		b.WriteString(chosen[dice.IntN(len(chosen))])
	}
	return b.String()
}

func randomView(dice *rand.Rand, text string) *view {
	v := &view{
		inner: inner{random(dice), dice.IntN(3) - 1}, Text: text, ID: id(dice.IntN(2)), State: state(random(dice)), N: dice.IntN(3) - 1,
		On: dice.IntN(2) == 0, HTML: template.HTML(random(dice)), Attr: template.HTMLAttr(`data-a="1"`), Some: &inner{random(dice), 1},
	}
	for range dice.IntN(3) {
		v.List = append(v.List, inner{random(dice), dice.IntN(3)})
	}
	return v
}

// pair is a template printed both ways.
type pair struct {
	set   *template.Template
	plate *Plate
}

func pairs(t testing.TB) (all []pair) {
	t.Helper()
	for _, source := range known {
		set := template.Must(template.New("it").Parse(source))
		p, err := Make(set, "it", (*view)(nil))
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		all = append(all, pair{set, p})
	}
	return all
}

func (p pair) check(t testing.TB, v *view) {
	t.Helper()
	var want strings.Builder
	if err := p.set.Execute(&want, v); err != nil {
		t.Fatal(err)
	}
	got, err := p.plate.Append([]byte("before "), v)
	if err != nil || string(got) != "before "+want.String() {
		t.Fatalf("%s\nof %#v\ngives %q, %v\nwant  %q", p.set.Tree.Root, v, got, err, want.String())
	}
}

// A plate prints, byte for byte, what html/template prints.
func TestSameAsHTMLTemplate(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	all := pairs(t)
	for range 2000 {
		v := randomView(dice, random(dice))
		for _, p := range all {
			p.check(t, v)
		}
	}
}

func FuzzSameAsHTMLTemplate(f *testing.F) {
	for i, text := range chosen {
		f.Add(uint64(i), text)
	}
	all := pairs(f)
	f.Fuzz(func(t *testing.T, seed uint64, text string) {
		v := randomView(rand.New(rand.NewPCG(seed, 1)), text)
		for _, p := range all {
			p.check(t, v)
		}
	})
}

// What is not known is refused when a plate is made, and nothing is printed unescaped for it.
func TestRefused(t *testing.T) {
	for _, source := range []string{
		`<script>{{.Text}}</script>`, `<p onclick="{{.Text}}">`, `<p style="{{.Text}}">`, `<p title={{.Text}}>`, `<p {{.Text}}="x">`, `<p {{.Text}}>`,
		`<a href="{{.HTML}}">`, `<p title="{{.HTML}}">`, `<img srcset="{{.Text}}">`, `<textarea>{{.Text}}</textarea>`, `<title>{{.HTML}}</title>`,
		`{{$x := .Text}}{{$x}}`, `{{.Absent}}`, `{{.Text.Absent}}`, `{{.Same}}`, `{{.Same 3}}`, `{{.Some}}`, `{{.List}}`, `{{.On}}`, `{{printf "%s" .Text}}`,
		`{{range .Text}}{{end}}`, `{{with or .N .Text}}{{end}}`, `{{if eq .N 3}}{{end}}`, `{{template "it" .}}`, `{{range .List}}{{break}}{{end}}`, `{{.Text | len}}`, `{{1.5}}`, `{{(.Under).Name}}`,
		`<p {{template "part" .}}>{{define "part"}}title="{{.Text}}"{{end}}`, `<p {{if .On}}title="{{end}}>`,
	} {
		set, err := template.New("it").Parse(source)
		if err != nil {
			t.Fatal(source, err)
		}
		if p, err := Make(set, "it", (*view)(nil)); err == nil {
			out, err := p.Append(nil, randomView(rand.New(rand.NewPCG(1, 1)), "x"))
			t.Errorf("%s is made, and gives %q, %v", source, out, err)
		}
	}
}

func TestNothingBehindAPointer(t *testing.T) {
	set := template.Must(template.New("it").Parse(`a{{.None.Name}}`))
	p, err := Make(set, "it", (*view)(nil))
	if err != nil {
		t.Fatal(err)
	}
	if out, err := p.Append([]byte("x"), &view{}); err == nil || string(out) != "x" {
		t.Errorf("gives %q, %v", out, err)
	}
	if _, err := p.Append(nil, view{}); err == nil {
		t.Error("a view of another type is printed")
	}
}
