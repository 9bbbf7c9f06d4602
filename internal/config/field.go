package config

import (
	"reflect"
	"slices"
	"strings"
)

// field is one setting, as its tags in Config describe it.
type field struct {
	name   string   // on the command line and in the file
	env    string   // in the environment
	place  string   // what stands for the value in the help
	preset string   // the default, as text
	help   string   // one or two sentences
	unit   string   // what a number counts, or empty
	oneof  []string // the only words allowed, or none
	on     []string // the commands that read it
	noFile bool     // may not stand in the file
	index  int      // position in Config
	kind   reflect.Type
}

var (
	kindSecret  = reflect.TypeFor[Secret]()
	kindStrings = reflect.TypeFor[[]string]()
)

// fields lists every setting in the order of Config.
var fields = describe(reflect.TypeFor[Config]())

// envPrefix begins the name of every environment variable that Parley reads.
const envPrefix = "PARLEY_"

func describe(t reflect.Type) []field {
	var list []field
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		name := tag.Get("flag")
		if name == "" {
			continue
		}
		f := field{
			name:   name,
			env:    envPrefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_")),
			place:  tag.Get("place"),
			preset: tag.Get("default"),
			help:   tag.Get("help"),
			unit:   tag.Get("unit"),
			oneof:  strings.Fields(tag.Get("oneof")),
			on:     strings.Fields(tag.Get("on")),
			noFile: tag.Get("nofile") != "",
			index:  i,
			kind:   t.Field(i).Type,
		}
		if len(f.oneof) > 0 {
			f.place = strings.Join(f.oneof, "|")
		}
		if f.place == "" && (f.kind.Kind() == reflect.Int || f.kind.Kind() == reflect.Int64) {
			f.place = "N"
		}
		list = append(list, f)
	}
	return list
}

// secret says whether the value must never be shown.
func (f field) secret() bool { return f.kind == kindSecret }

// isBool says whether the flag may stand alone, meaning true.
func (f field) isBool() bool { return f.kind.Kind() == reflect.Bool }

// isList says whether the value is several, separated by commas or as a YAML list.
func (f field) isList() bool { return f.kind.Kind() == reflect.Slice }

// appliesTo says whether a command reads the setting. `parley config` shows what
// `parley serve` would use, so it reads the same.
func (f field) appliesTo(command string) bool {
	if command == "config" {
		command = "serve"
	}
	return slices.Contains(f.on, command)
}

// byName finds a setting by its name, or by its environment name.
func byName(name string) (field, bool) {
	i := slices.IndexFunc(fields, func(f field) bool { return f.name == name || f.env == name })
	if i < 0 {
		return field{}, false
	}
	return fields[i], true
}
