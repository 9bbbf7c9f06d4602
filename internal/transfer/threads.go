package transfer

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"parley"
)

// entry is one comment on its way in.
type entry struct {
	id, parent uint64 // in the source; parent 0 opens a thread
	at         parley.Time
	state      parley.State // Removed: only its place is known, and it is written if somebody answered it
	body       string
	who        person
	file       string
	line       int
}

// entrySize is roughly what an entry takes beside its text.
const entrySize = 256

// threads brings the comments of one story into an order in which each parent is written before its
// replies, whatever order they are read in.
type threads struct {
	// write writes one comment under a parent that has been written, 0 for none. errLeftOut makes it a gone
	// one, errElsewhere can be said of placeholders; any other error ends the import.
	write func(e *entry, parent parley.ID) (parley.ID, error)
	mend  func(why Reason, e *entry)

	placed  map[uint64]spot     // written
	gone    map[uint64]*entry   // left out; their place is known
	fresh   []*entry            // read and not looked at
	waiting map[uint64][]*entry // for a parent that has not been written
	size    int                 // bytes held, about
}

// spot is where a comment ended up.
type spot struct {
	id    parley.ID
	shown parley.ID // the nearest comment from here upwards that strangers see; 0 = none
}

var (
	// errLeftOut says that a comment was refused and counted.
	errLeftOut = errors.New("the comment was left out")
	// errElsewhere says that a placeholder cannot be made because the comment is under another story.
	errElsewhere = errors.New("the comment is under another story")
)

func newThreads(write func(*entry, parley.ID) (parley.ID, error), mend func(Reason, *entry)) *threads {
	return &threads{write: write, mend: mend, placed: map[uint64]spot{}, gone: map[uint64]*entry{}, waiting: map[uint64][]*entry{}}
}

// add takes one comment in.
func (t *threads) add(e *entry) {
	if e.parent == e.id {
		e.parent = 0
		t.mend(Circle, e)
	}
	if e.state == parley.Removed {
		t.gone[e.id] = e
		return
	}
	t.size += entrySize + len(e.body)
	t.fresh = append(t.fresh, e)
}

// settle writes whatever can be written.
func (t *threads) settle() error {
	for id := range t.waiting {
		t.wake(id)
	}
	for i := 0; i < len(t.fresh); i++ { // grows on the way
		t.wake(t.fresh[i].parent)
	}
	fresh := t.fresh
	t.fresh = nil
	slices.SortFunc(fresh, earlier)
	for _, e := range fresh {
		if _, known := t.placed[e.parent]; e.parent != 0 && !known {
			t.waiting[e.parent] = append(t.waiting[e.parent], e)
		} else if err := t.place(e); err != nil {
			return err
		}
	}
	return nil
}

// wake makes a gone comment that was answered a placeholder.
func (t *threads) wake(id uint64) {
	if e := t.gone[id]; e != nil {
		delete(t.gone, id)
		t.size += entrySize
		t.fresh = append(t.fresh, e)
	}
}

func earlier(a, b *entry) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.id, b.id)) }

// place writes a comment and those that waited for it.
func (t *threads) place(e *entry) error {
	for queue := []*entry{e}; len(queue) > 0; {
		e, queue = queue[0], queue[1:]
		if _, twice := t.placed[e.id]; twice {
			t.mend(Repeated, e)
			continue
		}
		if err := t.put(e); err != nil {
			return err
		}
		if _, written := t.placed[e.id]; written {
			queue = append(queue, t.waiting[e.id]...)
			delete(t.waiting, e.id)
		}
	}
	return nil
}

// put writes one comment whose parent is placed.
func (t *threads) put(e *entry) error {
	above := t.placed[e.parent] // zero for a root
	parent := above.id
	if e.state != parley.Held && above.shown != above.id {
		parent = above.shown // what strangers see must not hang under what they do not
		t.mend(ReplyRaised, e)
	}
	id, err := t.write(e, parent)
	t.size -= entrySize + len(e.body)
	e.body = ""
	if errors.Is(err, errLeftOut) && e.state != parley.Removed {
		e.state = parley.Removed
		if len(t.waiting[e.id]) == 0 {
			t.gone[e.id] = e
			return nil
		}
		id, err = t.write(e, parent)
	}
	if errors.Is(err, errElsewhere) {
		return t.uproot(e.id)
	}
	if errors.Is(err, errLeftOut) {
		return nil // not even a placeholder is wanted; what answers it stays waiting
	}
	if err != nil {
		return err
	}
	shown := id
	if e.state == parley.Held {
		shown = above.shown
	}
	t.placed[e.id] = spot{id, shown}
	return nil
}

// finish ends reading the story: replies that answer each other in a circle are cut loose, and what still
// waits is for parents that the file did not have.
func (t *threads) finish() error {
	if err := t.settle(); err != nil {
		return err
	}
	for _, e := range t.circles() {
		t.waiting[e.parent] = slices.DeleteFunc(t.waiting[e.parent], func(other *entry) bool { return other == e })
		if len(t.waiting[e.parent]) == 0 {
			delete(t.waiting, e.parent)
		}
		e.parent = 0
		t.mend(Circle, e)
		if err := t.place(e); err != nil {
			return err
		}
	}
	// Only waiting comments are asked about from now on, and they do not wait for any of these.
	t.placed, t.gone = map[uint64]spot{}, map[uint64]*entry{}
	return nil
}

// circles gives the earliest comment of each circle among those that wait.
func (t *threads) circles() []*entry {
	byID := t.byID()
	walked := map[uint64]int{} // in which walk a comment was passed
	var found []*entry
	for walk, start := range slices.SortedFunc(maps.Values(byID), earlier) {
		e := start
		for ; e != nil && walked[e.id] == 0; e = byID[e.parent] {
			walked[e.id] = walk + 1
		}
		if e == nil || walked[e.id] != walk+1 {
			continue
		}
		first := e
		for on := byID[e.parent]; on != e; on = byID[on.parent] {
			if earlier(on, first) < 0 {
				first = on
			}
		}
		found = append(found, first)
	}
	return found
}

func (t *threads) byID() map[uint64]*entry {
	byID := map[uint64]*entry{}
	for _, list := range t.waiting {
		for _, e := range list {
			byID[e.id] = e
		}
	}
	return byID
}

// orphans puts what still waits under placeholders. It is called when nothing more can come.
func (t *threads) orphans() error {
	byID := t.byID()
	for _, missing := range slices.Sorted(maps.Keys(t.waiting)) {
		if byID[missing] != nil || len(t.waiting[missing]) == 0 {
			continue
		}
		first := slices.MinFunc(t.waiting[missing], earlier)
		placeholder := &entry{id: missing, at: max(first.at-1, earliest), state: parley.Removed, who: nobody, file: first.file, line: first.line}
		t.size += entrySize
		if err := t.place(placeholder); err != nil {
			return err
		}
	}
	return nil
}

// uproot makes threads of the comments that wait for one that is under another story.
func (t *threads) uproot(parent uint64) error {
	list := t.waiting[parent]
	delete(t.waiting, parent)
	for _, e := range list {
		e.parent = 0
		t.mend(ReplyElsewhere, e)
		if err := t.place(e); err != nil {
			return err
		}
	}
	return nil
}
