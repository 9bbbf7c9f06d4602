package parley

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// Cursor is a place in a keyset order: the sort value and the id of the last row shown. The zero Cursor is
// the beginning. It is opaque to callers and bound to the list it came from.
type Cursor struct {
	Key int64 // the sort's own column; 0 where the order is by id alone
	ID  ID
}

// IsZero tells whether the cursor stands at the beginning.
func (c Cursor) IsZero() bool { return c.ID == 0 }

// cursorVersion changes when the meaning of a cursor does; older ones are then refused, not misread.
const cursorVersion = "1"

// Encode gives the cursor for the list named list ("newest", "feed", …); "" at the beginning.
func (c Cursor) Encode(list string) string {
	if c.IsZero() {
		return ""
	}
	plain := strings.Join([]string{cursorVersion, list, strconv.FormatInt(c.Key, 36), strconv.FormatInt(int64(c.ID), 36)}, ".")
	return base64.RawURLEncoding.EncodeToString([]byte(plain))
}

// ParseCursor reads a cursor of the list named list; "" is the beginning. Whatever Encode did not write for
// that list is refused with CodeBadCursor.
func ParseCursor(list, s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	refuse := Errorf(CodeBadCursor, "This cursor does not belong to this list. Start from its first page.").On("cursor")
	if len(s) > 128 {
		return Cursor{}, refuse
	}
	plain, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil {
		return Cursor{}, refuse
	}
	parts := strings.Split(string(plain), ".")
	if len(parts) != 4 || parts[0] != cursorVersion || parts[1] != list {
		return Cursor{}, refuse
	}
	key, err1 := strconv.ParseInt(parts[2], 36, 64)
	id, err2 := strconv.ParseInt(parts[3], 36, 64)
	c := Cursor{Key: key, ID: ID(id)}
	if err1 != nil || err2 != nil || key < 0 || id <= 0 || c.Encode(list) != s {
		return Cursor{}, refuse
	}
	return c, nil
}
