package parley

import (
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// Time is a moment as milliseconds since 1970-01-01 UTC. Zero means "never" or "not yet".
type Time int64

// TimeOf gives t as a Time; sub-millisecond parts are cut off.
func TimeOf(t time.Time) Time { return Time(t.UnixMilli()) }

// UTC gives the moment as a time.Time in UTC.
func (t Time) UTC() time.Time { return time.UnixMilli(int64(t)).UTC() }

// Add gives the moment d later; parts of d under a millisecond are cut off.
func (t Time) Add(d time.Duration) Time { return t + Time(d.Milliseconds()) }

// MarshalJSON writes RFC 3339 with milliseconds in UTC, or null for zero.
func (t Time) MarshalJSON() ([]byte, error) {
	if t == 0 {
		return []byte("null"), nil
	}
	return []byte(t.UTC().Format(`"2006-01-02T15:04:05.000Z"`)), nil
}

// ID names one row of one kind for ever. It is time-ordered (41 bits of milliseconds since 2000, 10 bits of
// node, 12 bits of sequence), so ordering by id is ordering by time. It is a string in JSON and HTML because
// JavaScript numbers lose precision above 2^53. Zero means "none".
type ID int64

// idEpoch is 2000-01-01 UTC in Unix milliseconds. It lies before the first comment a newspaper is likely to
// import, and 41 bits reach from it to 2069.
const idEpoch = 946_684_800_000

const (
	nodeBits     = 10
	sequenceBits = 12
	sequenceMask = 1<<sequenceBits - 1

	// MaxNode is the highest node number a running process may lease. One above it is kept for imports.
	MaxNode = 1<<nodeBits - 2

	importNode = 1<<nodeBits - 1
)

// String gives the decimal form used in JSON, HTML and paths.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// Time gives the moment the id was made for, in whole milliseconds.
func (id ID) Time() Time { return Time(int64(id)>>(nodeBits+sequenceBits) + idEpoch) }

// FirstID gives the lowest id that could have been made for t, for asking what was written since then.
func FirstID(t Time) ID { return ID(max(int64(t)-idEpoch, 0) << (nodeBits + sequenceBits)) }

// MarshalJSON writes the id as a JSON string, or null for zero.
func (id ID) MarshalJSON() ([]byte, error) {
	if id == 0 {
		return []byte("null"), nil
	}
	return strconv.AppendQuote(nil, id.String()), nil
}

// UnmarshalJSON reads a JSON string of decimal digits, or null for zero. Numbers are refused: they may have
// lost digits on the way.
func (id *ID) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*id = 0
		return nil
	}
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("id must be a string of digits: %w", err)
	}
	parsed, err := ParseID(s)
	*id = parsed
	return err
}

// ParseID reads the canonical decimal form of a positive id. Signs, leading zeros, spaces and anything above
// 2^63-1 are refused, so that one id has one spelling.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || strconv.FormatInt(n, 10) != s {
		return 0, Errorf(CodeNotFound, "There is nothing at this address.")
	}
	return ID(n), nil
}

// IDs makes ids. It is safe for concurrent use and never goes back, even when the clock does.
type IDs struct {
	node int64
	now  func() Time

	mu       sync.Mutex
	last     int64 // milliseconds since idEpoch of the newest id
	sequence int64
	imported int64
}

// NewIDs gives a maker of ids for one node (0 to MaxNode); no two running processes on one database may
// share a node. now tells the time.
func NewIDs(node int, now func() Time) *IDs { return &IDs{node: int64(node), now: now} }

// Next gives a new id, greater than every id this maker gave before.
func (g *IDs) Next() ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	ms := int64(g.now()) - idEpoch
	if ms <= g.last {
		ms = g.last
		g.sequence = (g.sequence + 1) & sequenceMask
		if g.sequence == 0 {
			ms++ // 4,096 ids in one millisecond: borrow the next one
		}
	} else {
		g.sequence = 0
	}
	g.last = ms
	return ID(ms<<(nodeBits+sequenceBits) | g.node<<sequenceBits | g.sequence)
}

// At gives an id for something that happened at t, for imports: ids sort among those made live. Moments
// before 2000 count as the first millisecond of 2000.
func (g *IDs) At(t Time) ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	ms := max(int64(t)-idEpoch, 1)
	g.imported = (g.imported + 1) & sequenceMask
	return ID(ms<<(nodeBits+sequenceBits) | importNode<<sequenceBits | g.imported)
}

// IDFloor gives the least id of the moment t: whatever was made at t or later is greater.
func IDFloor(t Time) ID { return ID(max(int64(t)-idEpoch, 0) << (nodeBits + sequenceBits)) }
