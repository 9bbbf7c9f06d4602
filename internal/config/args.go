package config

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
)

// commandLine is what a command's arguments say.
type commandLine struct {
	found map[string]given
	rest  []string
}

// parseArgs reads flags, which may stand before, between and after the other
// arguments, with one dash or two, as "--name value" or "--name=value"; "--"
// ends them. It reads on after a problem, so that all are reported together;
// that, and flags after arguments, is why it is not flag.FlagSet.Parse.
func parseArgs(in Input) (commandLine, error) {
	line := commandLine{found: map[string]given{}}
	var problems []error
	for args := in.Args; len(args) > 0; {
		arg := args[0]
		args = args[1:]
		if arg == "--" {
			line.rest = append(line.rest, args...)
			break
		}
		name, ok := flagName(arg)
		if !ok {
			line.rest = append(line.rest, arg)
			continue
		}
		if name == "h" || name == "help" {
			return commandLine{}, flag.ErrHelp
		}
		var err error
		if args, err = line.take(in, name, arg, args); err != nil {
			problems = append(problems, err)
		}
	}
	return line, errors.Join(problems...)
}

// flagName gives the name in "--name=value", and whether arg is a flag at all.
func flagName(arg string) (string, bool) {
	name, dashed := strings.CutPrefix(arg, "-")
	if !dashed || name == "" {
		return "", false
	}
	name, _, _ = strings.Cut(strings.TrimPrefix(name, "-"), "=")
	return name, true
}

// take reads one flag, and its value from the next argument where it needs
// that, and gives the arguments that are left.
func (l commandLine) take(in Input, name, arg string, args []string) ([]string, error) {
	f, isSetting := settingByFlag(name)
	own := ownFlag(in.Flags, name)
	if !isSetting && own == nil {
		return args, fmt.Errorf("flag %s is not known%s", quote("--"+name), didYouMean("--", name, flagNames(in)))
	}
	_, text, hasText := strings.Cut(arg, "=")
	switch {
	case hasText:
	case own == nil && f.isBool(), own != nil && isBool(own): // a command's own flag goes before a setting of that name
		text = "true"
	case len(args) == 0 || strings.HasPrefix(args[0], "--"):
		return args, fmt.Errorf("flag --%s needs a value", name)
	default:
		text, args = args[0], args[1:]
	}
	if own != nil {
		if err := own.Value.Set(text); err != nil {
			return args, fmt.Errorf("flag --%s: %s does not fit: %w", name, quote(text), err)
		}
		return args, nil
	}
	return args, l.keep(in.Command, f, text)
}

// keep notes a setting's value.
func (l commandLine) keep(command string, f field, text string) error {
	if !f.appliesTo(command) {
		return fmt.Errorf("flag --%s belongs to parley %s, not to parley %s", f.name, strings.Join(f.on, " and parley "), command)
	}
	if _, twice := l.found[f.name]; twice {
		return fmt.Errorf("flag --%s is given twice; keep one of them", f.name)
	}
	place := "flag --" + f.name
	l.found[f.name] = given{text, place, place}
	return nil
}

func settingByFlag(name string) (field, bool) {
	f, ok := byName(name)
	return f, ok && f.name == name
}

func ownFlag(set *flag.FlagSet, name string) *flag.Flag {
	if set == nil {
		return nil
	}
	return set.Lookup(name)
}

func isBool(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// flagNames lists what a mistyped flag of this command may have meant.
func flagNames(in Input) []string {
	var names []string
	for _, f := range fields {
		if f.appliesTo(in.Command) {
			names = append(names, f.name)
		}
	}
	if in.Flags != nil {
		in.Flags.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	}
	slices.Sort(names)
	return names
}
