// Package show prints reports: as a table for a terminal, as one for the documentation, and as a picture.
package show

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"parley/bench/figures"
)

// Table prints a report for a terminal.
func Table(w io.Writer, r *figures.Report) {
	fmt.Fprintf(w, "%s, %s form, %s\n%s\n\n", r.Peer, r.Form, r.Started, machine(r))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, strings.Join(append(heads[:], "missed"), "\t")+"\t")
	for _, one := range r.Results {
		row := cells(one)
		fmt.Fprintln(t, strings.Join(append(row[:], strings.Join(one.Missed(), " ")), "\t")+"\t")
	}
	t.Flush()
	fmt.Fprintln(w)
	for _, one := range r.Results {
		fmt.Fprintf(w, "%s %d: against %s (driver: %s)\n", one.Workload, one.Connections, one.Limit, one.Driver)
		for _, extra := range one.Beside {
			fmt.Fprintf(w, "    %s: %s\n", extra.Name, number(extra.Value))
		}
	}
	for _, note := range r.Notes {
		fmt.Fprintln(w, "Note:", note)
	}
}

// Markdown prints a report as tables for the documentation.
func Markdown(w io.Writer, r *figures.Report) error {
	fmt.Fprintf(w, "%s, %s form, %s.\n%s\n\n", r.Peer, r.Form, r.Started[:min(10, len(r.Started))], machine(r))
	fmt.Fprintf(w, "| %s |\n|%s\n", strings.Join(heads[:], " | "), strings.Repeat("---|", len(heads)))
	for _, one := range r.Results {
		row := cells(one)
		fmt.Fprintf(w, "| %s |\n", strings.Join(row[:], " | "))
	}
	fmt.Fprintln(w)
	for _, one := range r.Results {
		for _, extra := range one.Beside {
			fmt.Fprintf(w, "- %s, %d connections: %s: %s\n", one.Workload, one.Connections, extra.Name, number(extra.Value))
		}
	}
	return nil
}

// The marks between which a page of the documentation shows figures.
const (
	begin = "<!-- figures:"
	end   = "<!-- end of figures -->"
)

// Between puts a text in place of what stands between the marks for figures. It refuses a page without them.
func Between(page, text string) (string, error) {
	head, rest, found := strings.Cut(page, begin)
	mark, rest, line := strings.Cut(rest, "\n")
	_, tail, ended := strings.Cut(rest, end)
	if !found || !line || !ended {
		return "", errors.New("there is no place for figures")
	}
	return head + begin + mark + "\n" + strings.TrimSpace(text) + "\n" + end + tail, nil
}

// machine says where it was measured, and whether the figures are to be believed.
func machine(r *figures.Report) string {
	m := r.Machine
	text := fmt.Sprintf("%s, %d cores, %.0f GiB, Linux %s, %s, %s; %.0f fsyncs a second.",
		m.CPU, m.Cores, float64(m.Memory)/(1<<30), m.Kernel, m.FileSystem, m.Go, r.Baseline.Fsyncs)
	if !m.Pinned {
		text += " Server and driver were NOT on cores of their own."
	}
	if m.Quiet() {
		return text + fmt.Sprintf(" Quiet: other programs used %.2f of a core.", m.Foreign)
	}
	return text + fmt.Sprintf(" NOISY: other programs used %.2f of a core meanwhile; do not quote these figures.", m.Foreign)
}

var heads = [...]string{
	"workload", "conns", "coding", "bytes", "per s", "limit", "ratio", "CPU µs", "limit", "times",
	"p50 ms", "p99 ms", "limit", "times", "errors", "core busy", "limit", "RSS MiB",
}

// cells gives one row under heads. What was asked for stands behind a figure as ≥ or ≤.
func cells(r figures.Result) [len(heads)]string {
	s, g := r.Summary, r.Goal
	return [...]string{
		r.Workload, fmt.Sprint(r.Connections), or(r.Coding), count(r.Bytes),
		number(s.Rate), number(s.LimitRate), number(s.RateRatio) + asked("≥", g.Rate),
		number(s.CPU) + asked("≤", g.CPUus), number(s.LimitCPU), number(s.CPURatio) + asked("≤", g.CPU),
		number(s.P50), number(s.P99) + asked("≤", g.P99ms), number(s.LimitP99), number(s.P99Ratio) + asked("≤", g.P99),
		failures(s), percent(s.Busy), percent(s.LimitBusy), number(float64(s.Memory)/(1<<20)) + asked("≤", float64(g.RSS)/(1<<20)),
	}
}

func failures(s figures.Summary) string {
	if s.Refused == 0 {
		return fmt.Sprint(s.Errors)
	}
	return fmt.Sprintf("%d (%d refused)", s.Errors, s.Refused)
}

func or(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

func count(n int) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprint(n)
}

func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

func asked(how string, value float64) string {
	if value == 0 {
		return ""
	}
	return " (" + how + " " + number(value) + ")"
}

// number writes a value with three digits that count, or all of those before the point.
func number(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", v), ".0")
	}
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".")
}
