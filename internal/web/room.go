package web

import (
	"fmt"
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
		{"writes waiting to be saved", fmt.Sprint(db.MaxQueue), "a second of writing; more would only let readers wait for answers they no longer look at"},
		{"writes waiting, for another comment to be taken", fmt.Sprint(RoomForComments), "the last quarter is for what costs less: recommendations, reports, what readers have seen"},
		{"passwords checked at once", fmt.Sprint(identity.MaxHashing), "each holds 19 MiB and a thread; reading keeps a third of a core at least"},
		{"passwords waiting to be checked", fmt.Sprint(identity.MaxWaiting), "about a second; guessing passwords must not be the cheapest way to stop the forum"},
		{"time for a request's headers", headersWithin.String(), "more than any network needs"},
		{"time for a whole request", bodyWithin.String(), "the longest comment by the slowest phone"},
		{"time to read an answer, without streams", readWithin.String(), "the largest page at 3 kB a second"},
		{"a connection that asks nothing", idleFor.String(), "the next click on the same page"},
		{"bytes of headers", fmt.Sprint(maxHeaders), "room for a newspaper's cookies"},
	}
}

// RoomForComments is how many writes may wait for a comment to be taken at all: three quarters of the queue. The rest
// is for what costs less and tells more: recommendations, reports, what readers have seen.
const RoomForComments = db.MaxQueue * 3 / 4

// Room refuses with parley.CodeBusy while so many writes wait. Asked before anything else of a request is looked at,
// it turns a crowd away at the least cost.
func (f *Forum) Room(most int) error {
	if f.Store.Waiting() < most {
		return nil
	}
	return parley.Errorf(parley.CodeBusy, "The forum is very busy. Please try again in a moment.").After(2 * time.Second)
}
