package plate

import (
	"reflect"
	"text/template/parse"
)

// value is how one value of a template is found.
type value struct {
	of  reflect.Type // nil = one of several, which can only be asked whether it is empty
	get func(dot, root reflect.Value) reflect.Value
}

// known gives the value, or refuses one whose type is not known.
func (v value) known() value {
	if v.of == nil {
		refuse("a value has no one type")
	}
	return v
}

// constant gives a value that is always the same.
func constant(c any) value {
	v := reflect.ValueOf(c)
	return value{v.Type(), func(_, _ reflect.Value) reflect.Value { return v }}
}

// pipe gives the value of a pipeline of one command.
func (m *maker) pipe(p *parse.PipeNode, s scope) value {
	if len(p.Decl) > 0 || len(p.Cmds) != 1 {
		refuse("%s is more than one command", p)
	}
	return m.command(p.Cmds[0], s)
}

func (m *maker) command(c *parse.CommandNode, s scope) value {
	switch first := c.Args[0].(type) {
	case *parse.IdentifierNode:
		return m.function(first.Ident, c.Args[1:], s)
	case *parse.FieldNode:
		return m.path(value{s.dot, dotOf}, first.Ident, c.Args[1:], s)
	case *parse.VariableNode:
		return m.variable(first, c.Args[1:], s)
	}
	if len(c.Args) > 1 {
		refuse("%s takes nothing", c.Args[0])
	}
	return m.argument(c.Args[0], s)
}

func dotOf(dot, _ reflect.Value) reflect.Value   { return dot }
func rootOf(_, root reflect.Value) reflect.Value { return root }

func (m *maker) variable(n *parse.VariableNode, args []parse.Node, s scope) value {
	if n.Ident[0] != "$" {
		refuse("%s is not known here", n)
	}
	return m.path(value{s.root, rootOf}, n.Ident[1:], args, s)
}

// argument gives the value of one operand.
func (m *maker) argument(n parse.Node, s scope) value {
	switch n := n.(type) {
	case *parse.DotNode:
		return value{s.dot, dotOf}
	case *parse.FieldNode:
		return m.path(value{s.dot, dotOf}, n.Ident, nil, s)
	case *parse.VariableNode:
		return m.variable(n, nil, s)
	case *parse.PipeNode:
		return m.pipe(n, s)
	case *parse.StringNode:
		return constant(n.Text)
	case *parse.BoolNode:
		return constant(n.True)
	case *parse.NumberNode:
		if n.IsInt {
			return constant(int(n.Int64))
		}
	}
	refuse("%s is not known here", n)
	return value{}
}

// path follows names from a value: methods, as in text/template, before fields. What stands behind the last one is
// its arguments.
func (m *maker) path(v value, names []string, args []parse.Node, s scope) value {
	for i, name := range names {
		var with []parse.Node
		if i == len(names)-1 {
			with = args
		}
		v.known()
		method, found := v.of.MethodByName(name)
		switch {
		case found:
			v = m.call(v, method, with, s)
		case len(with) > 0:
			refuse("%s of %s takes nothing", name, v.of)
		default:
			v = field(v, name)
		}
	}
	if len(names) == 0 && len(args) > 0 {
		refuse("$ takes nothing")
	}
	return v
}

func field(v value, name string) value {
	of, get := v.of, v.get
	if of.Kind() == reflect.Pointer {
		of, get = of.Elem(), func(dot, root reflect.Value) reflect.Value { return v.get(dot, root).Elem() }
	}
	if of.Kind() != reflect.Struct {
		refuse("%s has no %s", v.of, name)
	}
	f, found := of.FieldByName(name)
	if !found || !f.IsExported() || f.Type.Kind() == reflect.Interface {
		refuse("%s has no %s", v.of, name)
	}
	if len(f.Index) == 1 {
		i := f.Index[0]
		return value{f.Type, func(dot, root reflect.Value) reflect.Value { return get(dot, root).Field(i) }}
	}
	return value{f.Type, func(dot, root reflect.Value) reflect.Value { return get(dot, root).FieldByIndex(f.Index) }}
}

func (m *maker) call(v value, method reflect.Method, args []parse.Node, s scope) value {
	t := method.Type // its first parameter is the receiver
	if t.NumOut() != 1 || t.Out(0).Kind() == reflect.Interface {
		refuse("%s gives more than a value", method.Name)
	}
	if given, fixed := len(args)+1, t.NumIn(); given != fixed && (!t.IsVariadic() || given < fixed-1) {
		refuse("%s takes %d values", method.Name, fixed-1)
	}
	var values []value
	for i, n := range args {
		a := m.argument(n, s).known()
		want := t.In(min(i+1, t.NumIn()-1))
		if t.IsVariadic() && i+1 >= t.NumIn()-1 {
			want = want.Elem()
		}
		if !a.of.AssignableTo(want) {
			refuse("%s takes a %s, not a %s", method.Name, want, a.of)
		}
		values = append(values, a)
	}
	return value{t.Out(0), func(dot, root reflect.Value) reflect.Value {
		in := make([]reflect.Value, len(values))
		for i, a := range values {
			in[i] = a.get(dot, root)
		}
		return v.get(dot, root).Method(method.Index).Call(in)[0]
	}}
}
