package render

import (
	"io"
	"runtime"

	"parley"
	"parley/internal/plate"
)

// Sheet takes a view that is to be kept. A page of threads is not printed on it at once: that is done when it is
// known how much of it was printed before.
type Sheet struct {
	text  []byte
	parts *parts
}

// Write adds to what the sheet says.
func (s *Sheet) Write(text []byte) (int, error) {
	before, err := s.whole()
	if err != nil {
		return 0, err
	}
	s.text, s.parts = append(before, text...), nil
	return len(text), nil
}

// whole gives all that the sheet says.
func (s *Sheet) whole() ([]byte, error) {
	if s.parts == nil {
		return s.text, nil
	}
	var printed Sheet
	err := print(&printed, s.parts.whole)
	return printed.text, err
}

// parts are a page whose threads are still to be printed.
type parts struct {
	head, tail []byte // what stands around them
	laid
	item *plate.Plate
}

// laid is all that the threads of a page are printed from. Nobody changes it.
type laid struct {
	place   place
	threads []parley.Thread
}

// surroundings is how many bytes stand around the threads of most pages, or some more.
const surroundings = 10 << 10

// lay puts a page on a sheet in parts. On anything else it is printed.
func (p *parts) lay(w io.Writer) error {
	if s, ok := w.(*Sheet); ok && len(s.text) == 0 && s.parts == nil {
		s.parts = p
		return nil
	}
	return print(w, p.whole)
}

// whole adds the page to what has been printed.
func (p *parts) whole(out []byte) (_ []byte, err error) {
	out = append(out, p.head...)
	for i := range p.threads {
		if i%turn == turn-1 {
			runtime.Gosched()
		}
		if out, err = p.thread(out, i); err != nil {
			return out, err
		}
	}
	return append(out, p.tail...), nil
}

// thread adds a thread's <li>.
func (p *parts) thread(out []byte, i int) ([]byte, error) {
	t := p.threads[i]
	top := grow(t.Root, t.Replies)
	top.More = t.More
	return items(out, p.item, p.place, []*node{top})
}
