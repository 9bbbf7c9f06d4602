package render

import (
	"fmt"
	"io"
	"strings"

	"parley"
	"parley/internal/locale"
	"parley/internal/recent"
)

const (
	// pieceLimit is how many bytes of rendered comments are kept: those of about sixty first pages. A page is
	// built again because one comment was added; the other hundred are as they were.
	pieceLimit = 24 << 20
	// mark stands where comments go: in a piece those under it, in a page all of them. After it come only words
	// and addresses of our own, so that the last one found is it, whatever a comment says.
	mark = "\x00"
)

// piece is one comment's <li> without the comments under it: they stand between head and tail.
type piece struct {
	of         setting
	head, tail string
}

// setting is everything that a piece is made of. Equal settings make equal bytes: [place.item] is given nothing
// else.
type setting struct {
	place
	shape
}

// spot tells apart the pieces of one comment that are in use side by side.
type spot struct {
	id            parley.ID
	words         *locale.Catalogue
	level         int
	hosts, linked bool
}

// pieces keeps rendered comments in bounded memory. A piece is used only for a setting that equals its own, so
// none is ever out of date.
type pieces struct {
	kept *recent.Cache[spot, *piece]
}

func newPieces(limit uint64) *pieces {
	return &pieces{recent.New(limit, func(_ spot, p *piece) uint32 {
		return uint32(len(p.head) + len(p.tail) + len(p.of.Body) + len(p.of.HTML) + overhead)
	})}
}

// list adds the <li>s of some comments, and of what hangs under them, to what is to be written one after the other.
func (r *Renderer) list(parts []string, s *scene, nodes []*node) ([]string, error) {
	for _, n := range nodes {
		p, err := r.piece(setting{s.place, n.shape()})
		if err != nil {
			return nil, err
		}
		if parts, err = r.list(append(parts, p.head), s, n.Kids); err != nil {
			return nil, err
		}
		parts = append(parts, p.tail)
	}
	return parts, nil
}

// put writes the <li>s alone.
func (r *Renderer) put(w io.Writer, s *scene, nodes []*node) error {
	parts, err := r.list(nil, s, nodes)
	if err != nil {
		return err
	}
	return write(w, parts)
}

// around writes a view with the <li>s in the place that its template marks.
func (r *Renderer) around(w io.Writer, name string, s *scene, nodes []*node, view any) error {
	var b strings.Builder
	if err := r.write(&b, name, s, view); err != nil {
		return err
	}
	i := strings.LastIndex(b.String(), mark)
	parts, err := r.list([]string{b.String()[:i]}, s, nodes)
	if err != nil {
		return err
	}
	return write(w, append(parts, b.String()[i+len(mark):]))
}

func write(w io.Writer, parts []string) error {
	if memory, ok := w.(interface{ Grow(n int) }); ok {
		size := 0
		for _, part := range parts {
			size += len(part)
		}
		memory.Grow(size)
	}
	for _, part := range parts {
		if _, err := io.WriteString(w, part); err != nil {
			return err
		}
	}
	return nil
}

// piece gives a comment as it was rendered before, or renders it. One that strangers do not see is not kept.
func (r *Renderer) piece(of setting) (*piece, error) {
	at := spot{of.ID, of.Words, of.Level, of.Hosts, of.Linked}
	if p, known := r.pieces.kept.Get(at); known && p.of == of {
		return p, nil
	}
	var b strings.Builder
	if err := r.byLanguage[of.Words.Lang()].ExecuteTemplate(&b, "item", of.item(of.shape)); err != nil {
		return nil, fmt.Errorf("render comment %d: %w", of.ID, err)
	}
	b.WriteByte('\n')
	p := &piece{of: of, head: b.String()}
	if i := strings.LastIndex(p.head, mark); of.Hosts && i >= 0 {
		p.head, p.tail = p.head[:i], p.head[i+len(mark):]
	}
	if of.State.Shown() {
		r.pieces.kept.Set(at, p)
	}
	return p, nil
}
