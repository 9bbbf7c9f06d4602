package show

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"parley/bench/figures"
)

func report() *figures.Report {
	run := func(n int64, cpu float64) figures.Run {
		return figures.Run{Seconds: 1, Requests: n, CPU: cpu, P50: 0.3, P99: 1.25, Busy: 0.99, Memory: 50 << 20}
	}
	r := &figures.Report{
		Peer: "Parley <a & b>", Form: "short", Started: "2026-11-24T08:00:00Z", Machine: figures.Machine{CPU: "A CPU", Cores: 2, Pinned: true},
		Results: []figures.Result{
			{Workload: "read", Connections: 16, Coding: "gzip", Bytes: 8192, Limit: "net/http", Driver: "wrk", Goal: figures.Goal{Rate: 0.8, CPU: 1.3}, Pairs: []figures.Pair{{Peer: run(900, 1), Limit: run(1000, 1)}}},
			{Workload: "write", Connections: 64, Limit: "SQLite", Driver: "own", Goal: figures.Goal{Rate: 0.8, CPUus: 300}, Pairs: []figures.Pair{{Peer: run(300, 1), Limit: run(1000, 0.1)}}},
		},
	}
	for i := range r.Results {
		r.Results[i].Summarise()
	}
	r.Results[1].Add("of these slow, ms", []float64{12.345})
	return r
}

func TestTable(t *testing.T) {
	var out strings.Builder
	r := report()
	Table(&out, r)
	for _, want := range []string{"read", "8192", "0.9 (≥ 0.8)", "1.11 (≤ 1.3)", "0.3 (≥ 0.8)", "3333 (≤ 300)", "rate CPU", "99 %", "Quiet", "of these slow, ms: 12.3"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	r.Machine = figures.Machine{Foreign: 0.4}
	out.Reset()
	Table(&out, r)
	if !strings.Contains(out.String(), "NOISY") || !strings.Contains(out.String(), "NOT on cores") {
		t.Errorf("a noisy machine:\n%s", out.String())
	}
}

func TestMarkdown(t *testing.T) {
	var out strings.Builder
	if err := Markdown(&out, report()); err != nil {
		t.Fatal(err)
	}
	columns := 0
	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		if n := strings.Count(line, "|"); columns != 0 && n != columns {
			t.Errorf("%d columns, want %d: %s", n, columns, line)
		} else {
			columns = n
		}
	}
	if columns != len(heads)+1 {
		t.Errorf("%d columns", columns)
	}
}

// TestChart draws well-formed XML with a bar and a line for everything that has a goal, and says what was missed.
func TestChart(t *testing.T) {
	var out strings.Builder
	if err := Chart(&out, report()); err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	decoder := xml.NewDecoder(strings.NewReader(out.String()))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			counts[start.Name.Local]++
			for _, a := range start.Attr {
				counts[start.Name.Local+"."+a.Value]++
			}
		}
	}
	if counts["rect"] != 4 || counts["line"] != 4 || counts["rect.m"] != 2 || counts["rect.b"] != 2 {
		t.Errorf("%v in\n%s", counts, out.String())
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.8: "0.8", 1.254: "1.25", 12: "12", 12.34: "12.3", 4321.9: "4322", 0.004: "0"} {
		if got := number(v); got != want {
			t.Errorf("%v is written %q, want %q", v, got, want)
		}
	}
}

// TestBetween replaces what stands between the marks, again and again, and nothing else.
func TestBetween(t *testing.T) {
	page := "# Head\n\n<!-- figures: how -->\nNone yet.\n<!-- end of figures -->\nTail.\n"
	for _, text := range []string{"One.", "Two.\n\n| a |\n"} {
		got, err := Between(page, text)
		if want := "# Head\n\n<!-- figures: how -->\n" + strings.TrimSpace(text) + "\n<!-- end of figures -->\nTail.\n"; err != nil || got != want {
			t.Errorf("%q, %v", got, err)
		}
		page = got
	}
	if _, err := Between("# No place\n", "One."); err == nil {
		t.Error("a page without marks was filled")
	}
}
