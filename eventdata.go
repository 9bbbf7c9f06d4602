package parley

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// numberBase is that of numbers in packed event data: digits are 0–9 and a–z, names are capital letters.
const numberBase = 36

// Pack gives the event's data as they are stored. What the event says already is left out, ids of comments are told
// by how far they lie before the subject, and numbers are in base 36: a comment's data take a fifth of what they
// would as JSON, and there is one for every comment ever written.
//
// The text is a row of members, each a capital letter and a number: V the revision, R the root, P the parent, A the
// author, T whom it answers, N the count, D the decision. R is the difference between subject and root, P that
// between subject and parent; A without a number is the actor, P without one is the root.
func (e Event) Pack() string {
	var b []byte
	add := func(name byte, n int64) { b = strconv.AppendInt(append(b, name), n, numberBase) }
	d := e.Data
	if d.Revision != 0 {
		add('V', d.Revision)
	}
	if d.Root != 0 {
		add('R', int64(e.Subject-d.Root))
	}
	switch {
	case d.Parent == 0:
	case d.Parent == d.Root:
		b = append(b, 'P')
	default:
		add('P', int64(e.Subject-d.Parent))
	}
	switch {
	case d.Author == 0:
	case d.Author == e.Actor:
		b = append(b, 'A')
	default:
		add('A', int64(d.Author))
	}
	if d.To != 0 {
		add('T', int64(d.To))
	}
	if d.Count != 0 {
		add('N', int64(d.Count))
	}
	if d.Decision != 0 {
		add('D', int64(d.Decision))
	}
	return string(b)
}

// Unpack reads into Data what Pack wrote, or the JSON that stood there before; subject and actor must be known. It
// fails for anything else.
func (e *Event) Unpack(packed string) error {
	e.Data = EventData{}
	if strings.HasPrefix(packed, "{") {
		return json.Unmarshal([]byte(packed), &e.Data)
	}
	for packed != "" {
		name := packed[0]
		end := 1
		for end < len(packed) && (packed[end] < 'A' || packed[end] > 'Z') {
			end++
		}
		digits := packed[1:end]
		packed = packed[end:]
		n, err := strconv.ParseInt(digits, numberBase, 64)
		if digits == "" {
			n, err = 0, nil
		}
		if err != nil || digits == "" && name != 'A' && name != 'P' {
			return fmt.Errorf("event %d has a member %q that is no number", e.ID, string(name)+digits)
		}
		switch name {
		case 'V':
			e.Data.Revision = n
		case 'R':
			e.Data.Root = e.Subject - ID(n)
		case 'P':
			if e.Data.Parent = e.Subject - ID(n); digits == "" {
				e.Data.Parent = e.Data.Root
			}
		case 'A':
			if e.Data.Author = ID(n); digits == "" {
				e.Data.Author = e.Actor
			}
		case 'T':
			e.Data.To = ID(n)
		case 'N':
			e.Data.Count = int(n)
		case 'D':
			e.Data.Decision = ID(n)
		default:
			return fmt.Errorf("event %d has a member %q that is not known", e.ID, string(name)+digits)
		}
	}
	return nil
}
