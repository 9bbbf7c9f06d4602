package api

import (
	"math"
	"strings"

	"parley/internal/web"
)

// roomFor tells how many requests may be under way for another of a route to be begun. Routes that write and are not
// named here bring words, as comments do.
func roomFor(pattern string) int {
	method, path, _ := strings.Cut(pattern, " ")
	last := path[strings.LastIndexByte(path, '/')+1:]
	switch last {
	case "events":
		return math.MaxInt // a stream may stay for hours, and has a bound of its own
	case "preview":
		return web.RoomForPreviews
	case "session", "redeem":
		return web.RoomForReading // passwords have a queue of their own, and signing out makes room
	case "decision", "decisions", "roles", "switches", "confirmation", "refusal", "close":
		return web.RoomForReading // the newsroom must be able to work just then
	case "recommendation", "reports", "follow", "mute", "block", "seen":
		return web.RoomForMarks
	}
	switch method {
	case "GET":
		return web.RoomForReading
	case "DELETE":
		return web.RoomForMarks
	}
	return web.RoomForComments
}
