// Package plate prints html/template templates fast. What a template says, and how each value in it is escaped, is
// html/template's: a plate is made from the tree that it has made safe (see the Tree of [template.Template]), for
// views of one type, so that nothing is looked up by name and little is allocated when it prints.
//
// It knows only the part of the template language that views of known types need, and refuses the rest when a
// plate is made: variables of one's own, interfaces, and places where html/template would escape for scripts or
// styles.
package plate

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"reflect"
	"text/template/parse"
)

// Plate is one template for views of one type. It is safe for concurrent use.
type Plate struct {
	of    reflect.Type
	print printer
}

// printer adds its part of a template to what has been printed. root is what $ is.
type printer func(out []byte, dot, root reflect.Value) []byte

// Make gives the plate of a template of a set, for views of the type that sample has. It fails when html/template
// cannot make the template safe, and when it asks for something that is not known here or that the view has not.
func Make(set *template.Template, name string, sample any) (p *Plate, err error) {
	var broken *template.Error
	// It is the attempt to run that makes html/template escape; without a view it comes to nothing.
	if err := set.ExecuteTemplate(io.Discard, name, nil); errors.As(err, &broken) {
		return nil, err
	}
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case refusal:
			p, err = nil, fmt.Errorf("template %s: %s", name, string(cause))
		default:
			panic(cause)
		}
	}()
	of := reflect.TypeOf(sample)
	m := maker{set: set}
	return &Plate{of, m.template(name, of)}, nil
}

// Append adds the printed view, which must be of the plate's type, to out. It fails where html/template fails: when
// a method panics or there is nothing behind a pointer.
func (p *Plate) Append(out []byte, view any) (printed []byte, err error) {
	v := reflect.ValueOf(view)
	if v.Type() != p.of {
		return out, fmt.Errorf("print a %s on a plate for %s", v.Type(), p.of)
	}
	defer func() {
		if cause := recover(); cause != nil {
			printed, err = out, fmt.Errorf("print a %s: %v", p.of, cause)
		}
	}()
	return p.print(out, v, v), nil
}

// refusal is why no plate can be made.
type refusal string

func refuse(format string, args ...any) { panic(refusal(fmt.Sprintf(format, args...))) }

// maker makes a plate.
type maker struct {
	set  *template.Template
	open []string // the templates that are being made
}

// scope is what . and $ are in a part of a template, as types; nil = nothing.
type scope struct{ dot, root reflect.Type }

func (m *maker) template(name string, of reflect.Type) printer {
	for _, outer := range m.open {
		if outer == name {
			refuse("%s holds itself", name)
		}
	}
	t := m.set.Lookup(name)
	if t == nil || t.Tree == nil {
		refuse("there is no %s, or it stands in different surroundings", name)
	}
	m.open = append(m.open, name)
	defer func() { m.open = m.open[:len(m.open)-1] }()
	return m.list(t.Tree.Root, scope{of, of})
}

func (m *maker) list(l *parse.ListNode, s scope) printer {
	if l == nil {
		return func(out []byte, _, _ reflect.Value) []byte { return out }
	}
	var parts []printer
	for _, n := range l.Nodes {
		parts = append(parts, m.node(n, s))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return func(out []byte, dot, root reflect.Value) []byte {
		for _, part := range parts {
			out = part(out, dot, root)
		}
		return out
	}
}

func (m *maker) node(n parse.Node, s scope) printer {
	switch n := n.(type) {
	case *parse.TextNode:
		text := string(n.Text)
		return func(out []byte, _, _ reflect.Value) []byte { return append(out, text...) }
	case *parse.ActionNode:
		return m.action(n.Pipe, s)
	case *parse.IfNode:
		return m.choice(n.Pipe, m.list(n.List, s), m.list(n.ElseList, s), s)
	case *parse.WithNode:
		return m.with(n, s)
	case *parse.RangeNode:
		return m.each(n, s)
	case *parse.TemplateNode:
		return m.inner(n, s)
	}
	refuse("%s is not known here", n)
	return nil
}

func (m *maker) choice(pipe *parse.PipeNode, yes, no printer, s scope) printer {
	holds := m.truth(m.pipe(pipe, s))
	return func(out []byte, dot, root reflect.Value) []byte {
		if holds(dot, root) {
			return yes(out, dot, root)
		}
		return no(out, dot, root)
	}
}

func (m *maker) with(n *parse.WithNode, s scope) printer {
	v := m.pipe(n.Pipe, s).known()
	some := truthOf(v.of)
	yes, no := m.list(n.List, scope{v.of, s.root}), m.list(n.ElseList, s)
	return func(out []byte, dot, root reflect.Value) []byte {
		if inner := v.get(dot, root); some(inner) {
			return yes(out, inner, root)
		}
		return no(out, dot, root)
	}
}

func (m *maker) each(n *parse.RangeNode, s scope) printer {
	v := m.pipe(n.Pipe, s).known()
	if v.of.Kind() != reflect.Slice {
		refuse("%s is not a slice", n.Pipe)
	}
	one, none := m.list(n.List, scope{v.of.Elem(), s.root}), m.list(n.ElseList, s)
	return func(out []byte, dot, root reflect.Value) []byte {
		all := v.get(dot, root)
		for i := range all.Len() {
			out = one(out, all.Index(i), root)
		}
		if all.Len() == 0 {
			out = none(out, dot, root)
		}
		return out
	}
}

func (m *maker) inner(n *parse.TemplateNode, s scope) printer {
	if n.Pipe == nil {
		return m.template(n.Name, nil)
	}
	v := m.pipe(n.Pipe, s).known()
	print := m.template(n.Name, v.of)
	return func(out []byte, dot, root reflect.Value) []byte {
		inner := v.get(dot, root)
		return print(out, inner, inner)
	}
}
