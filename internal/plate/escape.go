package plate

import (
	"fmt"
	"html/template"
	"reflect"
	"strconv"
	"strings"
	"text/template/parse"
)

// The escapers that html/template puts behind a value, joined, by where the value stands.
const (
	inText     = "_html_template_htmlescaper"
	inQuotes   = "_html_template_attrescaper"
	asName     = "_html_template_htmlnamefilter"
	asAddress  = "_html_template_urlfilter _html_template_urlnormalizer _html_template_attrescaper"
	inAddress  = "_html_template_urlnormalizer _html_template_attrescaper"
	inFragment = "_html_template_urlescaper _html_template_attrescaper"
)

var (
	typeHTML = reflect.TypeFor[template.HTML]()
	typeAttr = reflect.TypeFor[template.HTMLAttr]()
	stringer = reflect.TypeFor[fmt.Stringer]()
)

// action prints a value, escaped as html/template has it.
func (m *maker) action(p *parse.PipeNode, s scope) printer {
	if len(p.Decl) > 0 {
		refuse("%s declares a variable", p)
	}
	v := m.command(p.Cmds[0], s).known()
	var escapers []string
	for _, c := range p.Cmds[1:] {
		escapers = append(escapers, c.String())
	}
	place := strings.Join(escapers, " ")
	safe := v.of == typeHTML && place == inText || v.of == typeAttr && place == asName
	trusted := v.of.PkgPath() == typeHTML.PkgPath() // a type that says its content is safe somewhere
	if place == asName && !safe || trusted && !safe && (v.of != typeAttr || place != inText && place != inQuotes) {
		refuse("%s cannot stand where it does", p)
	}
	read := reader(v.of)
	if safe {
		return func(out []byte, dot, root reflect.Value) []byte { return append(out, v.get(dot, root).String()...) }
	}
	switch place {
	case inText, inQuotes:
	case asAddress:
		read = address(read, true)
	case inAddress:
		read = address(read, false)
	case inFragment:
		plain := read
		read = func(v reflect.Value) string { return percent(plain(v), false) }
	default:
		refuse("%s stands where nothing is known of escaping", p)
	}
	return func(out []byte, dot, root reflect.Value) []byte { return escape(out, read(v.get(dot, root))) }
}

// reader gives how a value of a type is written, before it is escaped.
func reader(t reflect.Type) func(reflect.Value) string {
	switch {
	case t.Implements(stringer):
		return func(v reflect.Value) string { return v.Interface().(fmt.Stringer).String() }
	case t.Kind() == reflect.String:
		return reflect.Value.String
	case t.Kind() >= reflect.Int && t.Kind() <= reflect.Int64:
		return func(v reflect.Value) string { return strconv.FormatInt(v.Int(), 10) }
	}
	refuse("a %s is not written here", t)
	return nil
}

// special are the characters that html/template escapes in text and in quoted attributes alike, and how.
var special = [256]string{
	0: "\uFFFD", '"': "&#34;", '&': "&amp;", '\'': "&#39;", '+': "&#43;", '<': "&lt;", '>': "&gt;",
}

// escape adds text, so that it is text and nothing else between tags and between quotes. Everything that strangers
// wrote and that is not markup's own HTML comes through here.
func escape(out []byte, text string) []byte {
	from := 0
	for i := range len(text) {
		if s := special[text[i]]; s != "" {
			out = append(append(out, text[from:i]...), s...)
			from = i + 1
		}
	}
	return append(out, text[from:]...)
}

// address gives how an address is written; whole ones must lead somewhere harmless.
func address(read func(reflect.Value) string, whole bool) func(reflect.Value) string {
	return func(v reflect.Value) string {
		text := read(v)
		if whole && !harmless(text) {
			return "#ZgotmplZ" // as html/template does
		}
		return percent(text, true)
	}
}

// harmless tells whether following an address runs nothing.
func harmless(address string) bool {
	scheme, _, found := strings.Cut(address, ":")
	return !found || strings.Contains(scheme, "/") ||
		strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "mailto")
}

const (
	unreserved = "-._~"
	reserved   = "!#$&*+,/:;=?@[]" // without what would end a quoted attribute or url(…)
)

// percent writes what must not stand in an address as %xx. In a whole one, which it makes normal, marks between
// parts and what is written so already stay.
func percent(text string, whole bool) string {
	var out []byte
	from := 0
	for i := range len(text) {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte(unreserved, c) >= 0,
			whole && strings.IndexByte(reserved, c) >= 0,
			whole && c == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]):
			continue
		}
		const digits = "0123456789abcdef"
		out = append(append(out, text[from:i]...), '%', digits[c>>4], digits[c&15])
		from = i + 1
	}
	if from == 0 {
		return text
	}
	return string(append(out, text[from:]...))
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}
