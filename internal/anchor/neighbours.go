package anchor

// neighbours is the ground around a passage.
type neighbours struct {
	ground
	known       bool // the passage tells where it stood
	left, right stretch
	start, end  int    // the old position
	repeated    bool   // the like stood elsewhere too
	rooms       []span // the parts of the text next to the ground in which the passage can be, at most two
}

func (t *Text) neighbours(l *look, k known) neighbours {
	if l.hint < 0 {
		return neighbours{}
	}
	n := neighbours{ground: k.ground, known: true, start: l.hint, end: l.hint + len(l.query.exact), repeated: k.repeated(l.query)}
	n.left, n.right = k.ground.around(n.start, n.end)
	n.rooms = n.between(t.Len())
	return n
}

// slip is by how much pieces of ground may reach too far: text on both sides of an edit that happens to be alike.
const slip = 12

// between gives the text after the ground before the passage, up to other ground, and that before the ground after it;
// mostly they are the same.
func (n *neighbours) between(length int) (out []span) {
	after, before := span{min(n.left.to, n.start) + n.left.shift, length}, span{0, length}
	if n.right.from != nowhere {
		before.end = max(n.right.from, n.end) + n.right.shift
	}
	for _, s := range n.ground {
		for _, part := range n.beyond(s) {
			if part.start >= after.start-slip && part.end > after.start+slip {
				after.end = min(after.end, part.start)
			}
			if part.end <= before.end+slip && part.start < before.end-slip {
				before.start = max(before.start, part.end)
			}
		}
	}
	for _, room := range []span{after, before} {
		room.start, room.end = max(0, room.start-1), min(length, room.end+1)
		if room.start < room.end && (len(out) == 0 || room != out[0]) {
			out = append(out, room)
		}
	}
	return out
}

// within gives the ground that most of the passage stands on.
func (n *neighbours) within() (out []stretch) {
	for _, s := range n.ground {
		if 2*(min(s.to, n.end)-max(s.from, n.start)) > n.end-n.start {
			out = append(out, s)
		}
	}
	return out
}

// beyond gives where those parts of s are now that are not of the passage, up to two.
func (n *neighbours) beyond(s stretch) (out []span) {
	for _, part := range []span{{s.from, min(s.to, n.start)}, {max(s.from, n.end), s.to}} {
		if part.start < part.end {
			out = append(out, span{part.start + s.shift, part.end + s.shift})
		}
	}
	return out
}

// inside tells whether p lies next to the ground before or after the passage, outside that there is ground but it does
// not.
func (n *neighbours) inside(p *place) bool {
	for _, room := range n.rooms {
		if n.known && len(n.ground) > 0 && p.start >= room.start && p.end <= room.end {
			return true
		}
	}
	return false
}

func (n *neighbours) outside(p *place) bool { return n.known && len(n.ground) > 0 && !n.inside(p) }

// held tells whether p has the ground so close on both sides that no other such passage finds room between.
func (n *neighbours) held(p *place) bool {
	if len(n.rooms) != 1 || n.left.from < 0 || n.right.from == nowhere {
		return false
	}
	left := n.rooms[0].end - n.rooms[0].start - (p.end - p.start)
	return n.inside(p) && left < max(n.end-n.start, nearContext)
}

// stands tells whether a good part of the passage is on ground: then a place that the ground does not deny is no other
// than the passage's.
func (n *neighbours) stands() bool {
	sum := 0
	for _, s := range n.ground {
		sum += max(0, min(s.to, n.end)-max(s.from, n.start))
	}
	return sum >= min(leastPiece, (n.end-n.start)/2)
}

// growth gives by how much the text between the ground before and after the passage grew or shrank.
func (n *neighbours) growth() int {
	if n.right.from == nowhere {
		return 0
	}
	return abs(n.right.shift - n.left.shift)
}

// denies tells whether p contradicts the ground: old text that was not the passage stands in it now, or some that was
// stands elsewhere.
func (n *neighbours) denies(p *place) bool {
	for _, s := range n.ground {
		own := stretch{max(s.from, n.start), min(s.to, n.end), s.shift}
		if own.len() > slip && (own.from+s.shift < p.start-slip || own.to+s.shift > p.end+slip) {
			return true
		}
		for _, part := range n.beyond(s) {
			if min(part.end, p.end)-max(part.start, p.start) > slip {
				return true
			}
		}
	}
	return false
}
