package render

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"parley"
)

// TestPiecesAreNeverOld changes every field of everything a comment's <li> could be made of, one after the other,
// and holds what a renderer that knows the comment writes against one that has never seen it.
func TestPiecesAreNeverOld(t *testing.T) {
	warm := blank(t)
	page := func() Page {
		p := small()
		p.Threads[0].Root.Passage, p.Threads[0].Root.Quote = 50, parley.Passage{ID: 50, Story: 700, Exact: "a street", State: parley.PassageQuoted}
		return p
	}
	html := func(r *Renderer, p Page) string {
		t.Helper()
		var b bytes.Buffer
		if err := r.Threads(&b, p); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	was := html(warm, page())
	changed := 0
	try := func(what string, p Page) {
		t.Helper()
		fresh := html(blank(t), p)
		if fresh != was {
			changed++
		}
		for range 2 {
			if got := html(warm, p); got != fresh {
				t.Errorf("%s: kept %s", what, firstDifference([]byte(got), []byte(fresh)))
			}
		}
		if got := html(warm, page()); got != was {
			t.Errorf("%s, changed back: %s", what, firstDifference([]byte(got), []byte(was)))
		}
	}
	// which gives the places that a page holds a comment in.
	which := []func(*Page) *parley.Comment{
		func(p *Page) *parley.Comment { return &p.Threads[0].Root },
		func(p *Page) *parley.Comment { return &p.Threads[0].Replies[1] },
	}
	for at, comment := range which {
		count := len(leaves(reflect.ValueOf(comment(new(page())))))
		for i := range count {
			p := page()
			all := leaves(reflect.ValueOf(comment(&p)))
			alter(all[i])
			try(fmt.Sprintf("comment %d, field %d", at, i), p)
		}
	}
	for i := range leaves(reflect.ValueOf(&parley.Story{})) {
		p := page()
		alter(leaves(reflect.ValueOf(&p.Story))[i])
		try(fmt.Sprintf("story, field %d", i), p)
	}
	p := page()
	p.Site.BaseURL += "/forum"
	try("base address", p)
	p = page()
	p.Threads[0].More = false
	try("no more replies", p)
	p = page()
	p.Threads[0].Replies = p.Threads[0].Replies[:1]
	try("fewer replies", p)
	p = page()
	p.Threads[0].Replies = nil
	try("no replies", p)
	if changed < 20 {
		t.Errorf("only %d changes could be seen", changed)
	}
}

// blank gives a renderer that has rendered nothing.
func blank(t testing.TB) *Renderer {
	t.Helper()
	r, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// leaves gives the fields of a struct and of the structs in it that hold a value by themselves.
func leaves(v reflect.Value) (all []reflect.Value) {
	v = reflect.Indirect(v)
	if v.Kind() != reflect.Struct {
		return []reflect.Value{v}
	}
	for i := range v.NumField() {
		all = append(all, leaves(v.Field(i))...)
	}
	return all
}

func alter(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[parley.State]() {
			v.SetString(string(parley.Removed))
			return
		}
		v.SetString(v.String() + "x & y")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 1000) // further away than the ids of the page
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uint:
		v.SetUint(v.Uint() ^ 1)
	}
}

// What marks the place of replies may stand in a comment, too.
func TestMarkInAComment(t *testing.T) {
	p := small()
	p.Threads[0].Root.HTML = "<p>One\x00 and \x00</p>"
	var b bytes.Buffer
	if err := blank(t).Threads(&b, p); err != nil {
		t.Fatal(err)
	}
	one, two, further := strings.Index(b.String(), "One\x00 and \x00</p>"), strings.Index(b.String(), "<p>Two.</p>"), strings.Index(b.String(), "data-more-replies")
	if one < 0 || two < one || further < two || strings.Count(b.String(), "\x00") != 2 {
		t.Errorf("the thread is out of order:\n%s", b.String())
	}
}

func TestWaitingCommentsAreNotKept(t *testing.T) {
	r, p := blank(t), small()
	var b bytes.Buffer
	if err := r.Item(&b, ItemView{Site: site, Story: p.Story, Comment: in(parley.Held, p.Threads[0].Root)}); err != nil {
		t.Fatal(err)
	}
	if n, _, _ := r.pieces.kept.Size(); n != 0 {
		t.Errorf("%d comments are kept that only their author sees", n)
	}
}

func TestPiecesAreBounded(t *testing.T) {
	const limit = 64 << 10
	r, p := blank(t), small()
	r.pieces = newPieces(limit)
	for id := range parley.ID(200) {
		c := p.Threads[0].Root
		c.ID = id + 1
		if err := r.Item(new(bytes.Buffer), ItemView{Site: site, Story: p.Story, Comment: c}); err != nil {
			t.Fatal(err)
		}
	}
	if _, got, _ := r.pieces.kept.Size(); got > limit || got == 0 {
		t.Errorf("%d bytes are kept, of at most %d", got, limit)
	}
}
