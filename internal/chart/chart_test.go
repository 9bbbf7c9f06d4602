package chart

import (
	"bytes"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write the golden files")

const day = 24 * 60 * 60 * 1000

var english = [Steps]string{"Remote chance", "Highly unlikely", "Unlikely", "Realistic possibility", "Likely", "Highly likely", "Almost certain"}

// ferry is a question of eight months on which opinion turned twice.
func ferry() Picture {
	from := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC).UnixMilli()
	p := Picture{
		Title: "What readers thought, March to October 2026", Summary: "From likely in March down to unlikely after the council's vote, and up to highly likely since September.",
		Steps: english, Together: "Readers together", Answers: "Answers: thicker is more", From: from, To: from + 240*day,
		Day: func(at int64) string { return time.UnixMilli(at).UTC().Format("2 January") },
		Marks: []Mark{
			{from + 160*day, "The operator orders a second hull"},
			{from + 82*day, "The council votes 7 to 4 for the day boat only"},
			{from + 171*day, "The ministry pays half"},
		},
	}
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 59 {
		at := from + 6*day + int64(i)*(240-6)*day/58
		age := float64(at-from) / day
		height := 4.9 - 2.2/(1+math.Exp(-(age-85)/5)) + 3.2/(1+math.Exp(-(age-172)/9)) + 0.1*r.NormFloat64()
		point := Point{At: at, Height: height, Step: int(math.Round(height)), Words: "about 2 in 3"}
		readers := 12 + i*4
		for range readers {
			slow := height
			if r.IntN(3) == 0 {
				slow = 4.6
			}
			point.Counts[min(max(int(math.Round(slow+0.95*r.NormFloat64())), 1), Steps)-1]++
		}
		p.Points = append(p.Points, point)
	}
	return p
}

func TestGolden(t *testing.T) {
	few := ferry()
	few.Points, few.Marks = few.Points[:1], nil
	few.To = few.Points[0].At
	for name, p := range map[string]Picture{"ferry": ferry(), "first": few} {
		file := "testdata/" + name + ".svg"
		got := []byte(p.SVG() + "\n")
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is drawn anew; look at it, then run the test with -update", file)
		}
	}
}

// worst is as large as a picture gets: sixty points that jump about, twenty marks, long words full of what has to
// be escaped.
func worst() Picture {
	p := ferry()
	r := rand.New(rand.NewPCG(5, 6))
	for i := range p.Points {
		for s := range p.Points[i].Counts {
			p.Points[i].Counts[s] = r.IntN(100)
		}
		p.Points[i].Height = 1 + 6*r.Float64()
	}
	p.Marks = nil
	for i := range 20 {
		p.Marks = append(p.Marks, Mark{p.From + int64(i)*12*day, strings.Repeat(`<b>"A&B" says`, 10)})
	}
	p.Title, p.Summary = strings.Repeat("<&", 500), strings.Repeat("word ", 1000)
	return p
}

func TestSize(t *testing.T) {
	full := ferry()
	full.Marks = nil
	for i := range 20 {
		full.Marks = append(full.Marks, Mark{full.From + int64(i)*12*day, strings.Repeat("The council met again. ", 5)})
	}
	t.Logf("an ordinary picture takes %d bytes, with twenty marks %d, the worst %d", len(ferry().SVG()), len(full.SVG()), len(worst().SVG()))
	if n := len(full.SVG()); n > 12_000 {
		t.Errorf("a picture with twenty marks takes %d bytes", n)
	}
	if n := len(worst().SVG()); n > 16_000 {
		t.Errorf("the worst picture takes %d bytes", n)
	}
}

// TestNothingButDrawing reads pictures full of hostile text as XML: they are well formed and hold only elements
// and attributes that a strict content security policy lets pass.
func TestNothingButDrawing(t *testing.T) {
	hostile := worst()
	hostile.Title = `</title><script>alert(1)</script>`
	hostile.Summary = "\x00\x1b\ufffe]]><!--\u202e"
	hostile.Together = `"' onload="x`
	hostile.Steps[3] = `<img src=x onerror=alert(1)> <i>`
	hostile.Day = func(int64) string { return `"><style>*{display:none}</style>` }
	elements := map[string]bool{"svg": true, "title": true, "desc": true, "g": true, "path": true, "line": true, "circle": true, "rect": true, "text": true, "tspan": true}
	for _, p := range []Picture{ferry(), hostile} {
		svg := p.SVG()
		decoder := xml.NewDecoder(strings.NewReader(svg))
		for depth := 0; ; {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%v in %s", err, svg)
			}
			switch e := token.(type) {
			case xml.StartElement:
				if depth++; !elements[e.Name.Local] {
					t.Errorf("element %s", e.Name.Local)
				}
				for _, a := range e.Attr {
					if name := a.Name.Local; name == "style" || name == "id" || name == "href" || strings.HasPrefix(name, "on") || strings.Contains(a.Value, "url(") {
						t.Errorf("attribute %s=%q", name, a.Value)
					}
				}
			case xml.EndElement:
				depth--
			}
		}
		if !strings.HasPrefix(svg, `<svg class="picture" `) || !strings.Contains(svg, ` role="img" `) || strings.Count(svg, "<desc>") != 1 || strings.Index(svg, "<title>") > strings.Index(svg, "<desc>") {
			t.Error("the picture has no name and description at its head")
		}
	}
}

func TestNothingToDraw(t *testing.T) {
	p := ferry()
	if p.Points = nil; p.SVG() != "" || p.Rows() != nil {
		t.Error("no points, yet a picture")
	}
	p = ferry()
	if p.To = p.From; p.SVG() != "" {
		t.Error("no time, yet a picture")
	}
}

func TestRows(t *testing.T) {
	p := ferry()
	rows := p.Rows()
	if len(rows) != len(p.Points) {
		t.Fatalf("%d rows of %d points", len(rows), len(p.Points))
	}
	var numbers []string
	for i, row := range rows {
		n := 0
		for s, c := range row.Counts {
			if n += c; c != p.Points[i].Counts[s] {
				t.Errorf("row %d: %v, drawn %v", i, row.Counts, p.Points[i].Counts)
			}
		}
		if row.Readers != n || row.Day != p.Day(p.Points[i].At) || row.Words != p.Points[i].Words || row.Step != english[p.Points[i].Step-1] {
			t.Errorf("row %d: %+v", i, row)
		}
		for _, m := range row.Marks {
			numbers = append(numbers, fmt.Sprint(m.Number, m.Text[:15]))
			if m.At > p.Points[i].At || i > 0 && m.At <= p.Points[i-1].At {
				t.Errorf("mark %d of %s stands in the row of %s", m.Number, p.Day(m.At), row.Day)
			}
		}
	}
	if got := strings.Join(numbers, ", "); got != "1The council vot, 2The operator or, 3The ministry pa" {
		t.Errorf("marks: %s", got)
	}
	p.Marks = []Mark{{p.To + day, "after"}, {p.From - day, "before"}}
	rows = p.Rows()
	if first, last := rows[0].Marks, rows[len(rows)-1].Marks; len(first) != 1 || first[0].Text != "before" || len(last) != 1 || last[0].Number != 2 {
		t.Errorf("marks beyond the ends: %v, %v", first, last)
	}
	if strings.Contains(p.SVG(), "before") {
		t.Error("a mark outside the time shown is drawn")
	}
}

// TestNumbersKeepApart looks at many crowds of marks: on a telephone two numbers never overlap while three lines
// of them are enough.
func TestNumbersKeepApart(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		p := ferry()
		p.Marks = nil
		for range 1 + r.IntN(12) {
			p.Marks = append(p.Marks, Mark{p.From + r.Int64N(240*day), "x"})
		}
		all, tiers := p.place()
		if len(all) != len(p.Marks) || tiers > mostRows {
			t.Fatalf("%d of %d marks in %d lines", len(all), len(p.Marks), tiers)
		}
		for i, a := range all {
			crowd := 0
			for _, b := range all {
				if b.x <= a.x && a.x-b.x < apart {
					crowd++
				}
			}
			for _, b := range all[:i] {
				if crowd <= mostRows && a.tier == b.tier && a.x-b.x < apart {
					t.Fatalf("%v stands on %v", a, b)
				}
			}
		}
	}
}

func TestBandsAreAsThickAsTheirShare(t *testing.T) {
	p := ferry()
	p.Points = []Point{{At: p.From, Counts: [Steps]int{0, 5, 5}, Height: 2.5}, {At: p.To, Counts: [Steps]int{0, 10, 0, 30, 0, 0, 0}, Height: 3}}
	svg := p.SVG()
	for step, want := range map[int]string{
		1: "M0 177l1000 5v10l-1000 5z",   // half, then a quarter
		2: "M0 143l1000 10l-1000 10z",    // half, then none
		3: "M0 119l1000-16v32l-1000-16z", // none, then three quarters: as thick as can be
	} {
		if !strings.Contains(svg, `d="`+want+`"`) {
			t.Errorf("step %d: no %s in %s", step+1, want, svg[strings.Index(svg, "fill-opacity"):])
		}
	}
	if n := strings.Count(svg, "z\"/>"); n != 3 {
		t.Errorf("%d bands for three steps", n)
	}
}
