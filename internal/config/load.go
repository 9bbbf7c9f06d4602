package config

import (
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
)

// Input is what a command was started with.
type Input struct {
	Command string        // "serve", "demo", "import" or "config"
	Args    []string      // what follows the command's name
	Environ []string      // NAME=value, as os.Environ gives it
	Flags   *flag.FlagSet // the command's own flags, which are no settings; may be nil
}

// Loaded is what Load made of an Input.
type Loaded struct {
	Config   Config
	Args     []string // the arguments that are no flags, in their order
	Warnings []string // sentences for the operator: nothing is wrong enough to stop
}

// given is the text of a value, where it came from in the words of
// Config.Source, and the exact place for an error, such as a line of the file.
type given struct{ text, source, place string }

// Load gathers the settings of a command: flags before environment before file
// before default. Its error joins one sentence per problem, each naming its
// place; no partial Config comes with it. A request for help gives flag.ErrHelp.
// What the values mean together is judged by Config.Check.
func Load(in Input) (Loaded, error) {
	line, err := parseArgs(in)
	if errors.Is(err, flag.ErrHelp) {
		return Loaded{}, err
	}
	environ, warnings := readEnviron(in.Environ)
	problems := []error{err}

	found := line.found
	fillIn(found, environ)
	path, wanted := settingsFile(found)
	file, err := readFile(path, wanted)
	problems = append(problems, err)
	fillIn(found, file)

	c := Config{command: in.Command, sources: map[string]string{}}
	problems = append(problems, c.fill(found)...)
	if err := errors.Join(problems...); err != nil {
		return Loaded{}, err
	}
	return Loaded{Config: c.derive(), Args: line.rest, Warnings: warnings}, nil
}

// fillIn adds the values of a weaker source where no stronger one has spoken.
func fillIn(found, weaker map[string]given) {
	for name, value := range weaker {
		if _, ok := found[name]; !ok {
			found[name] = value
		}
	}
}

// settingsFile gives the file to read, or "" for none, and whether the operator
// asked for it by name, so that its absence is a mistake.
func settingsFile(found map[string]given) (path string, wanted bool) {
	if file, ok := found["config"]; ok && file.text != "" {
		return file.text, true
	}
	if data := found["data"].text; data != "" {
		return filepath.Join(data, "parley.yaml"), false
	}
	return "", false
}

// fill sets every field that the command reads from what was found, or from its
// default.
func (c *Config) fill(found map[string]given) (problems []error) {
	for _, f := range fields {
		value := given{f.preset, sourceDefault, "default of " + f.name}
		if set, ok := found[f.name]; ok && f.appliesTo(c.command) {
			value = set
			c.sources[f.name] = set.source
		}
		if err := c.set(f, value.text); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", value.place, err))
		}
	}
	return problems
}

// derive fills in what follows from other settings. A command that does not
// listen has no address to make a base URL from.
func (c Config) derive() Config {
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	addr, _ := byName("addr")
	if c.BaseURL == "" && addr.appliesTo(c.command) && c.Loopback() && !freePort(c.Addr) {
		c.BaseURL = "http://" + c.Addr
	}
	return c
}
