package parley_test

import (
	"testing"

	"parley"
)

func TestCursorsBelongToTheirList(t *testing.T) {
	c := parley.Cursor{Key: 17, ID: 3_560_000_000_000_000_000}
	text := c.Encode("recommended")
	if back, err := parley.ParseCursor("recommended", text); err != nil || back != c {
		t.Errorf("%+v came back as %+v: %v", c, back, err)
	}
	if start, err := parley.ParseCursor("newest", ""); err != nil || !start.IsZero() {
		t.Errorf("the beginning: %+v, %v", start, err)
	}
	for name, wrong := range map[string]string{
		"another list": c.Encode("newest"), "cut": text[:len(text)-1], "longer": text + "A", "no base64": "%%%%",
		"padded": text + "==", "made up": "MS5uZXdlc3QuMC4w", "huge": string(make([]byte, 5_000)),
	} {
		if _, err := parley.ParseCursor("recommended", wrong); parley.CodeOf(err) != parley.CodeBadCursor {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	f.Add("newest", parley.Cursor{ID: 12}.Encode("newest"))
	f.Add("recommended", parley.Cursor{Key: 3, ID: 12}.Encode("recommended"))
	f.Add("feed", "MS5mZWVkLjAuMQ")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, list, text string) {
		c, err := parley.ParseCursor(list, text)
		if err != nil {
			if parley.CodeOf(err) != parley.CodeBadCursor {
				t.Errorf("%q: %v", text, err)
			}
			return
		}
		if c.Key < 0 || c.ID < 0 || c.Encode(list) != text {
			t.Errorf("%q was read as %+v, which is written %q", text, c, c.Encode(list))
		}
	})
}
