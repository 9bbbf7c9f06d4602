package transfer

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"
)

// Print writes the report for the operator, in plain text.
func (r *Report) Print(w io.Writer) error {
	var b strings.Builder
	files := "1 file"
	if r.Files != 1 {
		files = humanize.Comma(int64(r.Files)) + " files"
	}
	fmt.Fprintf(&b, "Read %s, %s. Comments in it: %s.\n", files, humanize.Bytes(uint64(r.Bytes)), humanize.Comma(int64(r.Total())))
	second := "already here"
	if r.Dry {
		b.WriteString("This was a dry run: nothing was written, and nobody looked what is here already.\n")
		second = "repeated"
	}
	fmt.Fprintf(&b, "\n%-28s %10s %14s\n", "", "new", second)
	for _, row := range []struct {
		name string
		Tally
	}{{"Stories", r.Stories}, {"Readers", r.Readers}, {"Comments", r.Comments}, {"Placeholders", r.Placeholders}} {
		fmt.Fprintf(&b, "%-28s %10s %14s\n", row.name, humanize.Comma(int64(row.New)), humanize.Comma(int64(row.Known)))
	}
	fmt.Fprintf(&b, "Threads among the comments: %s. Waiting for approval: %s.\n", humanize.Comma(int64(r.Threads)), humanize.Comma(int64(r.Held)))
	list(&b, "Pages left out", r.Items)
	list(&b, "Comments left out", r.Skipped)
	list(&b, "Mended", r.Mended)
	if len(r.Warnings) > 0 {
		b.WriteString("\nWorth a look\n")
		for _, warning := range r.Warnings {
			fmt.Fprintf(&b, "  %s:%d: %s\n", warning.File, warning.Line, warning.What)
		}
		if r.Unlisted > 0 {
			fmt.Fprintf(&b, "  and %s more\n", humanize.Comma(int64(r.Unlisted)))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// list writes the counts of one kind, most first.
func list(b *strings.Builder, title string, counts map[Reason]int) {
	if len(counts) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	reasons := slices.SortedFunc(maps.Keys(counts), func(x, y Reason) int {
		return cmp.Or(cmp.Compare(counts[y], counts[x]), cmp.Compare(x, y))
	})
	for _, reason := range reasons {
		fmt.Fprintf(b, "%10s  %s\n", humanize.Comma(int64(counts[reason])), reason)
	}
}
