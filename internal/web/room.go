package web

import (
	"time"

	"parley"
	"parley/internal/db"
)

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
