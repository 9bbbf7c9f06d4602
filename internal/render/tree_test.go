package render

import (
	"fmt"
	"strings"
	"testing"

	"parley"
)

// drawn gives a thread as nested ids: "1(2(3 4) 5)".
func drawn(n *node) string {
	if len(n.Kids) == 0 {
		return n.ID.String()
	}
	kids := make([]string, len(n.Kids))
	for i, kid := range n.Kids {
		kids[i] = drawn(kid)
	}
	return fmt.Sprintf("%d(%s)", n.ID, strings.Join(kids, " "))
}

func TestThreadsNest(t *testing.T) {
	top := root(1, tobias, "", 0, 9)
	second := reply(2, top, hanne, "", 0)
	third := reply(3, second, ilse, "", 0)
	fourth := reply(4, third, dirk, "", 0)
	fifth := reply(5, top, piet, "", 0)
	sixth := reply(6, second, tobias, "", 0)
	for _, tt := range []struct {
		name    string
		replies []parley.Comment
		want    string
	}{
		{"no replies", nil, "1"},
		{"in written order, three levels", []parley.Comment{second, third, fourth, fifth, sixth}, "1(2(3 4 6) 5)"},
		{"a parent that is not here", []parley.Comment{third, fourth, fifth}, "1(3(4) 5)"},
		{"twice", merge([]parley.Comment{second, third}, []parley.Comment{second, third, fifth}), "1(2(3) 5)"},
		{"ancestors before a later part", merge([]parley.Comment{second}, []parley.Comment{fifth, sixth}), "1(2(6) 5)"},
		{"the root among its replies", []parley.Comment{top, second}, "1(2)"},
	} {
		if got := drawn(grow(top, tt.replies)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestDeepThreadsStayShallow(t *testing.T) {
	replies := []parley.Comment{reply(2, root(1, tobias, "", 0, 0), hanne, "", 0)}
	for id := parley.ID(3); id < 10_000; id++ {
		replies = append(replies, reply(id, replies[len(replies)-1], hanne, "", 0))
	}
	top := grow(root(1, tobias, "", 0, 0), replies)
	if len(top.Kids) != 1 || len(top.Kids[0].Kids) != len(replies)-1 || top.shown() != len(replies) {
		t.Errorf("%d, %d, %d", len(top.Kids), len(top.Kids[0].Kids), top.shown())
	}
}

func TestGoneParentsAreNotNamed(t *testing.T) {
	top := in(parley.Withdrawn, root(1, tobias, "", 0, 0))
	answer := reply(2, top, hanne, "", 0)
	answer.To = tobias // a store that says too much
	if it := grow(top, []parley.Comment{answer}).Kids[0]; it.To.Name != "" {
		t.Errorf("it says that %s wrote what is gone", it.To.Name)
	}
}
