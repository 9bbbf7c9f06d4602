package render

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"runtime"
	"sync"

	"parley/internal/locale"
	"parley/internal/plate"
)

// mark stands where a view's comments go. After it come only words and addresses of our own, so that the last one
// found is it, whatever a comment says.
const mark = "\x00"

// plates are the templates of one language, ready for the views that they print.
type plates struct {
	set                                                  *template.Template
	item, fragment, conversation, permalink, list, since *plate.Plate
}

// threadView is a ThreadView as its template prints it.
type threadView struct {
	ThreadView
	In *scene
}

// listView is a CommentList as its template prints it.
type listView struct {
	Rows []row
	Next string
}

type sinceView struct{ Since []sequelView }

func newPlates(words *locale.Catalogue) (*plates, error) {
	set, err := parse(words)
	if err != nil {
		return nil, err
	}
	p := &plates{set: set}
	for _, one := range []struct {
		name   string
		sample any
		into   **plate.Plate
	}{
		{"item", (*item)(nil), &p.item}, {"fragment", (*pageView)(nil), &p.fragment},
		{"conversation", (*pageView)(nil), &p.conversation}, {"permalink", (*threadView)(nil), &p.permalink},
		{"list", (*listView)(nil), &p.list}, {"since", (*sinceView)(nil), &p.since},
	} {
		if *one.into, err = plate.Make(set, one.name, one.sample); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (r *Renderer) of(s *scene) *plates { return r.byLanguage[s.Words.Lang()] }

// sheets are what views are printed on before their size is known.
var sheets = sync.Pool{New: func() any { return new([]byte) }}

// print writes what fill adds to a sheet.
func print(w io.Writer, fill func(out []byte) ([]byte, error)) error {
	sheet := sheets.Get().(*[]byte)
	defer sheets.Put(sheet)
	out, err := fill((*sheet)[:0])
	*sheet = out
	if err != nil {
		return fmt.Errorf("render: %w", err)
	}
	_, err = w.Write(out)
	return err
}

func (r *Renderer) write(w io.Writer, p *plate.Plate, view any) error {
	return print(w, func(out []byte) ([]byte, error) { return p.Append(out, view) })
}

// put writes the <li>s alone.
func (r *Renderer) put(w io.Writer, s *scene, nodes []*node) error {
	return print(w, func(out []byte) ([]byte, error) { return items(out, r.of(s).item, s.place, nodes) })
}

// around writes a view with the <li>s in the place that its template marks.
func (r *Renderer) around(w io.Writer, p *plate.Plate, s *scene, nodes []*node, view any) error {
	return print(w, func(out []byte) ([]byte, error) {
		out, err := p.Append(out, view)
		if err != nil {
			return out, err
		}
		out, tail := cut(out, 0)
		if out, err = items(out, r.of(s).item, s.place, nodes); err != nil {
			return out, err
		}
		return append(out, tail...), nil
	})
}

// cut takes off what stands behind the last mark, and the mark. It looks no further back than from.
func cut(out []byte, from int) (head []byte, tail string) {
	i := from + bytes.LastIndex(out[from:], []byte(mark))
	return out[:i], string(out[i+len(mark):])
}

// turn is after how many threads, or replies to one comment, those who wait to be served have their turn.
const turn = 4

// items adds the <li>s of some comments, and of what hangs under them, one after the other.
func items(out []byte, plate *plate.Plate, p place, nodes []*node) ([]byte, error) {
	it := new(item)
	for i, n := range nodes {
		if i%turn == turn-1 {
			runtime.Gosched()
		}
		from := len(out)
		var err error
		if out, err = plate.Append(out, p.item(it, n)); err != nil {
			return out, err
		}
		out = append(out, '\n')
		if len(n.Kids) == 0 {
			continue
		}
		head, tail := cut(out, from)
		if out, err = items(head, plate, p, n.Kids); err != nil {
			return out, err
		}
		out = append(out, tail...)
	}
	return out, nil
}
