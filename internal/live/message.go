package live

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"

	"parley"
)

// Message is one server-sent event, encoded once for everybody. ID 0 leaves the receiver's last event id as it is.
type Message struct {
	ID   int64
	Name string
	Data []byte // JSON, part of Wire
	Wire []byte // what goes out (HTML Living Standard, section 9.2)
}

// The names of messages; docs/embed/events.md describes their data.
const (
	nameComment   = "comment"
	nameEdit      = "edit"
	nameRemove    = "remove"
	nameRecommend = "recommend"
	nameClosed    = "closed"
	nameOpened    = "opened"
	nameRefresh   = "refresh"
	nameReset     = "reset"
	nameSession   = "session"
	nameNotice    = "notice"
	nameBye       = "bye"
)

type change struct {
	ID       parley.ID      `json:"id,omitzero"`
	Thread   parley.ID      `json:"thread,omitzero"`
	Parent   parley.ID      `json:"parent,omitzero"`
	Author   parley.ID      `json:"author,omitzero"`
	State    parley.State   `json:"state,omitempty"`
	Counts   map[string]int `json:"counts,omitempty"`
	Revision int64          `json:"revision,omitempty"`
	Retry    int64          `json:"retry,omitempty"` // ms
	Known    bool           `json:"known,omitempty"` // the stream is somebody's
}

func message(id int64, name string, data change) *Message {
	encoded, err := json.Marshal(data)
	if err != nil {
		panic(err) // the type has nothing that cannot be encoded
	}
	wire := make([]byte, 0, len("id: \nevent: \ndata: \n\n")+20+len(name)+len(encoded))
	if id != 0 {
		wire = append(strconv.AppendInt(append(wire, "id: "...), id, 10), '\n')
	}
	wire = append(append(append(wire, "event: "...), name...), "\ndata: "...)
	begin := len(wire)
	wire = append(append(wire, encoded...), "\n\n"...)
	return &Message{ID: id, Name: name, Data: wire[begin : begin+len(encoded)], Wire: wire}
}

// messageOf gives what everybody who watches the story is told of an event; public is false for what is
// nobody's business.
func messageOf(e parley.Event) (m *Message, public bool) {
	data := change{ID: e.Subject, Thread: e.Data.Root, Revision: e.Data.Revision}
	switch e.Kind {
	case parley.EventPublished:
		data.Parent, data.Author = e.Data.Parent, e.Data.Author
		return message(e.ID, nameComment, data), true
	case parley.EventEdited:
		return message(e.ID, nameEdit, data), true
	case parley.EventWithdrawn:
		data.State = parley.Withdrawn
		return message(e.ID, nameRemove, data), true
	case parley.EventRemoved:
		data.State = parley.Removed
		return message(e.ID, nameRemove, data), true
	case parley.EventStoryClosed:
		return message(e.ID, nameClosed, change{Revision: e.Data.Revision}), true
	case parley.EventStoryOpened:
		return message(e.ID, nameOpened, change{Revision: e.Data.Revision}), true
	case parley.EventRefreshed:
		return message(e.ID, nameRefresh, change{Revision: e.Data.Revision}), true
	case parley.EventRevised, parley.EventSwitched, parley.EventCorrected, parley.EventAsked, parley.EventReworded, parley.EventClosed,
		parley.EventMilestone, parley.EventProposed, parley.EventDeclined, parley.EventSettled, parley.EventOverturned, parley.EventHeard, parley.EventSequel:
		// What stands around the conversation is read again whole. Without a revision, nothing of it changed.
		return message(e.ID, nameRefresh, change{Revision: e.Data.Revision}), e.Data.Revision != 0
	}
	return nil, false
}

// personalOf gives what the reader who is an event's subject is told on every open page.
func personalOf(e parley.Event) (m *Message, personal bool) {
	switch e.Kind {
	case parley.EventSession, parley.EventConfirmed, parley.EventRolesChanged, parley.EventHiddenChanged:
		return message(0, nameSession, change{}), true
	case parley.EventNoticed, parley.EventSeen:
		return noticeMessage(), true
	}
	return nil, false
}

func noticeMessage() *Message { return message(0, nameNotice, change{}) }

// Reset tells a page that too much has happened: it fetches the conversation again and watches from event on.
func Reset(event int64) *Message { return message(event, nameReset, change{}) }

// Known tells a page that its stream is a signed-in reader's. Who that is, the page asks if it does not know.
func Known() *Message { return message(0, nameSession, change{Known: true}) }

// goodbye tells a page to come back after one to five seconds.
func goodbye() *Message { return message(0, nameBye, change{Retry: 1000 + rand.Int64N(4000)}) }

// tally gathers recommendation counts of one story.
type tally struct {
	counts map[string]int
	last   int64
}

func (t *tally) add(e parley.Event) {
	t.counts[e.Subject.String()] = e.Data.Count
	t.last = e.ID
}

func (t *tally) message() *Message { return message(t.last, nameRecommend, change{Counts: t.counts}) }

func (h *Hub) count(e parley.Event) {
	t := h.pending[e.Story]
	if t == nil {
		t = &tally{counts: map[string]int{}}
		h.pending[e.Story] = t
	}
	t.add(e)
}

// flush tells a story's gathered counts before anything newer is told, which keeps ids in order. h.mu is held.
func (h *Hub) flush(story parley.ID) {
	if t := h.pending[story]; t != nil {
		delete(h.pending, story)
		h.send(h.stories[story], t.message())
	}
}

func (h *Hub) flushAll() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for story := range h.pending {
		h.flush(story)
	}
}

// Replay turns events a page missed into the messages it would have got, counts gathered.
func Replay(events []parley.Event) []*Message {
	var messages []*Message
	gathered := &tally{counts: map[string]int{}}
	tell := func() {
		if len(gathered.counts) > 0 {
			messages = append(messages, gathered.message())
			gathered = &tally{counts: map[string]int{}}
		}
	}
	for _, e := range events {
		if e.Kind == parley.EventRecommended {
			gathered.add(e)
			continue
		}
		if m, public := messageOf(e); public {
			tell()
			messages = append(messages, m)
		}
	}
	tell()
	return messages
}
