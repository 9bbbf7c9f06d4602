package plate

import (
	"reflect"
	"text/template/parse"
)

// test answers a question about a view.
type test func(dot, root reflect.Value) bool

// function gives what one of the template language's own functions gives.
func (m *maker) function(name string, args []parse.Node, s scope) value {
	var in []value
	for _, n := range args {
		in = append(in, m.argument(n, s))
	}
	switch {
	case name == "not" && len(in) == 1:
		holds := m.truth(in[0])
		return boolean(func(dot, root reflect.Value) bool { return !holds(dot, root) })
	case name == "or" && len(in) > 1:
		return m.first(in, true)
	case name == "and" && len(in) > 1:
		return m.first(in, false)
	case name == "eq" && len(in) == 2:
		return boolean(equal(in[0].known(), in[1].known()))
	case name == "ne" && len(in) == 2:
		same := equal(in[0].known(), in[1].known())
		return boolean(func(dot, root reflect.Value) bool { return !same(dot, root) })
	case name == "len" && len(in) == 1 && in[0].known().of.Kind() == reflect.Slice:
		return value{reflect.TypeFor[int](), func(dot, root reflect.Value) reflect.Value { return reflect.ValueOf(in[0].get(dot, root).Len()) }}
	}
	refuse("%s of %d is not known here", name, len(in))
	return value{}
}

func boolean(t test) value {
	return value{reflect.TypeFor[bool](), func(dot, root reflect.Value) reflect.Value { return reflect.ValueOf(t(dot, root)) }}
}

// first gives the first value that is not empty, or with some false the first that is, or else the last.
func (m *maker) first(in []value, some bool) value {
	if len(in) == 1 {
		return in[0]
	}
	one, rest := in[0], m.first(in[1:], some)
	holds := m.truth(one)
	v := value{nil, func(dot, root reflect.Value) reflect.Value {
		if holds(dot, root) == some {
			return one.get(dot, root)
		}
		return rest.get(dot, root)
	}}
	if one.of == rest.of {
		v.of = one.of
	}
	return v
}

func equal(a, b value) test {
	if a.of.Kind() != reflect.String || b.of.Kind() != reflect.String {
		refuse("a %s and a %s are not compared here", a.of, b.of)
	}
	return func(dot, root reflect.Value) bool { return a.get(dot, root).String() == b.get(dot, root).String() }
}

// truth tells whether a value is not empty, as text/template understands that.
func (m *maker) truth(v value) test {
	holds := func(v reflect.Value) bool { return truthOf(v.Type())(v) }
	if v.of != nil {
		holds = truthOf(v.of)
	}
	return func(dot, root reflect.Value) bool { return holds(v.get(dot, root)) }
}

func truthOf(t reflect.Type) func(reflect.Value) bool {
	switch t.Kind() {
	case reflect.Bool:
		return reflect.Value.Bool
	case reflect.String, reflect.Slice:
		return func(v reflect.Value) bool { return v.Len() > 0 }
	case reflect.Pointer:
		return func(v reflect.Value) bool { return !v.IsNil() }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(v reflect.Value) bool { return v.Int() != 0 }
	case reflect.Struct:
		return func(reflect.Value) bool { return true }
	}
	refuse("whether a %s is empty is not known here", t)
	return nil
}
