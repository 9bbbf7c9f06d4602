package config

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Print writes the table of `parley config`: every setting that the command
// reads, its value with secrets masked, and where the value came from.
func (c Config) Print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SETTING\tVALUE\tSOURCE")
	for _, f := range fields {
		if !f.appliesTo(c.command) {
			continue
		}
		value := c.text(f)
		if value == "" {
			value = "-"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", f.name, value, c.Source(f.name))
	}
	return table.Flush()
}
