package web

import (
	"fmt"
	"sync/atomic"
	"time"

	"parley"
	"parley/internal/db"
	"parley/internal/identity"
)

// The patience of the server with one client.
const (
	headersWithin = 5 * time.Second
	bodyWithin    = 15 * time.Second
	readWithin    = time.Minute
	idleFor       = time.Minute
	maxHeaders    = 16 << 10
)

// Bound is how much of something is taken at once, or for how long; what goes beyond is turned away or cut off.
type Bound struct {
	What, Most, Why string
}

// Bounds lists the bounds of one process for the documentation.
func Bounds() []Bound {
	return []Bound{
		{"requests under way, for another page or list made for one reader to be begun", fmt.Sprint(RoomForReading), "the newsroom's decisions count like these; finished pages are always given, since that costs no more than to refuse"},
		{"requests under way, for another recommendation, report or follow", fmt.Sprint(RoomForMarks), "a click costs little, and what readers think of what stands there matters more than more of it"},
		{"requests under way, for another comment", fmt.Sprint(RoomForComments), "a few commits' worth; more would only let readers wait longer, and the machine do less"},
		{"requests under way, for another preview", fmt.Sprint(RoomForPreviews), "they are the first that can be done without"},
		{"writes waiting to be saved", fmt.Sprint(db.MaxQueue), "all of the above, and what the forum writes of its own accord"},
		{"passwords checked at once", fmt.Sprint(identity.MaxHashing), "and not more than there are cores: each is a process of its own, which holds 19 MiB and gives way to the server"},
		{"passwords waiting to be checked", fmt.Sprint(identity.MaxWaiting), "about a second; guessing passwords must not be the cheapest way to stop the forum"},
		{"time for a request's headers", headersWithin.String(), "more than any network needs"},
		{"time for a whole request", bodyWithin.String(), "the longest comment by the slowest phone"},
		{"time to read an answer, without streams", readWithin.String(), "the largest page at 3 kB a second"},
		{"a connection that asks nothing", idleFor.String(), "the next click on the same page"},
		{"bytes of headers", fmt.Sprint(maxHeaders), "room for a newspaper's cookies"},
	}
}

// How many requests may be under way, of all kinds together, for another of one kind to be begun. Since all are counted
// together, whatever is told to come back later first is what can best be done without: previews, then comments, then
// recommendations and the like, then pages and lists that are made for one reader. All leave room for 64 who write
// without pause.
const (
	RoomForPreviews = 72
	RoomForComments = 80
	RoomForMarks    = 256
	RoomForReading  = 512
)

// Enter takes a place among the requests under way, which Leave gives back, or refuses with parley.CodeBusy when most of
// them are. Asked before anything else of a request is looked at, it turns a crowd away at the least cost.
func (f *Forum) Enter(most int) error {
	if int(atomic.AddInt32(&f.underWay, 1)) > most {
		f.Leave()
		return ErrBusy()
	}
	return nil
}

// Room refuses with parley.CodeBusy while more than most requests are under way. It is for a request that has its place
// and learns only from its words what it is.
func (f *Forum) Room(most int) error {
	if f.UnderWay() > most {
		return ErrBusy()
	}
	return nil
}

// Leave gives back the place that Enter took.
func (f *Forum) Leave() { atomic.AddInt32(&f.underWay, -1) }

// UnderWay tells how many requests have a place.
func (f *Forum) UnderWay() int { return int(atomic.LoadInt32(&f.underWay)) }

// ErrBusy gives the refusal of what there is no room for.
func ErrBusy() *parley.Error {
	return &parley.Error{Code: parley.CodeBusy, Sentence: "The forum is very busy. Please try again in a moment.", Retry: 2 * time.Second}
}
