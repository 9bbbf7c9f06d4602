package config

import (
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// set parses text into the field. Its error is the end of a sentence that
// begins with the place; a secret is not repeated in it.
func (c *Config) set(f field, text string) error {
	if err := oneLine(text); err != nil {
		return err
	}
	if !f.secret() { // a password may begin or end with a space
		text = strings.TrimSpace(text)
	}
	if len(f.oneof) > 0 && !slices.Contains(f.oneof, text) {
		return fmt.Errorf("%s is not one of %s", quote(text), strings.Join(f.oneof, ", "))
	}
	v := reflect.ValueOf(c).Elem().Field(f.index)
	switch f.kind.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Bool:
		b, err := parseBool(text)
		v.SetBool(b)
		return err
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, f.kind.Bits())
		if err != nil {
			return fmt.Errorf("%s is not a whole number", quote(text))
		}
		v.SetInt(n)
	case reflect.Slice:
		list, err := parseList(f.kind, text)
		if err != nil {
			return err
		}
		v.Set(list)
	}
	return nil
}

// text gives the field's value as an operator would write it, secrets masked.
func (c Config) text(f field) string {
	switch v := reflect.ValueOf(c).Field(f.index).Interface().(type) {
	case Secret:
		return v.Masked()
	case []string:
		return strings.Join(v, ", ")
	case []netip.Prefix:
		list := make([]string, len(v))
		for i, p := range v {
			list[i] = p.String()
		}
		return strings.Join(list, ", ")
	default:
		return fmt.Sprint(v)
	}
}

func parseBool(text string) (bool, error) {
	switch strings.ToLower(text) {
	case "true", "yes", "on", "1":
		return true, nil
	case "false", "no", "off", "0":
		return false, nil
	}
	return false, fmt.Errorf("%s is neither true nor false", quote(text))
}

// parseList reads a comma-separated list; empty items are left out.
func parseList(kind reflect.Type, text string) (reflect.Value, error) {
	var words []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, word)
		}
	}
	if kind == kindStrings {
		return reflect.ValueOf(words), nil
	}
	var list []netip.Prefix
	var problems []string
	for _, word := range words {
		network, err := parseNetwork(word)
		if err != nil {
			problems = append(problems, err.Error())
		}
		list = append(list, network)
	}
	if len(problems) > 0 {
		return reflect.Value{}, errors.New(strings.Join(problems, "; "))
	}
	return reflect.ValueOf(list), nil
}

// parseNetwork reads 10.0.0.0/8 or a single address. Bits behind the prefix are
// refused, as they show that the wrong network was meant.
func parseNetwork(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	network, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("%s is not a network such as 10.0.0.0/8", quote(text))
	}
	if network != network.Masked() {
		return netip.Prefix{}, fmt.Errorf("%s is not the start of a network; did you mean %s?", quote(text), network.Masked())
	}
	return network, nil
}

// oneLine refuses what would break a header, a log line or a terminal.
func oneLine(text string) error {
	if !utf8.ValidString(text) {
		return errors.New("the value is not valid UTF-8")
	}
	if strings.ContainsFunc(text, unicode.IsControl) {
		return errors.New("the value must stand on one line, without control characters")
	}
	return nil
}

// longestShown keeps an error on a screen when the value is a pasted file.
const longestShown = 80

func clip(text string) string {
	if len(text) <= longestShown {
		return text
	}
	return strings.ToValidUTF8(text[:longestShown], "") + "…"
}

func quote(text string) string { return strconv.Quote(clip(text)) }
