package config

import (
	"fmt"
	"io"
	"strings"
)

// Usage writes the help for the settings that a command reads, in the order of
// the documentation.
func Usage(w io.Writer, command string) {
	for _, f := range fields {
		if !f.appliesTo(command) {
			continue
		}
		fmt.Fprintf(w, "  %s\n", strings.TrimSpace("--"+f.name+" "+f.place))
		fmt.Fprintf(w, "        %s\n        (%s)\n", f.help, strings.Join(f.facts(), ", "))
	}
}

// facts lists the default, the unit, and the environment name of a setting.
func (f field) facts() []string {
	var facts []string
	if f.preset != "" && !f.isBool() {
		facts = append(facts, strings.TrimSpace("default "+f.preset+" "+f.unit))
	}
	return append(facts, f.env)
}
