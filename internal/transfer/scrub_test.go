package transfer

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
)

func TestScrubbing(t *testing.T) {
	long := strings.Repeat("x", maxSection)
	for _, c := range []struct{ name, in, want string }{
		{"plain", `<a b="c">text &amp; more</a>`, `<a b="c">text &amp; more</a>`},
		{"controls", "<a>\x00\x01\x08\t\n\r\x0b\x1f\x7f</a>", "<a>   \t\n\r  \x7f</a>"},
		{"not UTF-8", "<a>\xff caf\xe9</a>", "<a>\ufffd caf\ufffd</a>"},
		{"half a surrogate", "<a>\xed\xa0\x80\xef\xbf\xbe</a>", "<a>\ufffd\ufffd\ufffd </a>"},
		{"forbidden references", "<a>&#0;&#11;&#x1F;&#xFFFE;&#55296;&#9;&#x41;&#1114112;</a>", "<a>     &#9;&#x41; </a>"},
		{"references that are none", "<a>&#;&#x;&#11 &#99999999;</a>", "<a>&#;&#x;&#11 &#99999999;</a>"},
		{"comments", "<a>x<!-- -- > <b> -->y<!----></a>", "<a>x<!---->y<!----></a>"},
		{"CDATA", "<a><![CDATA[<!DOCTYPE> & ]] > <!-- ]]></a>", "<a><![CDATA[<!DOCTYPE> & ]] > <!-- ]]></a>"},
		{"end of CDATA in text", "<a>x]]>y]]]>z</a>", "<a>x]]&gt;y]]]&gt;z</a>"},
		{"brackets in quotes", `<a b='">' c="'>">x</a>`, `<a b='">' c="'>">x</a>`},
		{"instruction", `<?x "> ?><a/>`, `<?x "> ?><a/>`},
		{"byte order mark", "\ufeff<a/>", "<a/>"},
		{"long text", "<a>" + long + "yyy\n&amp;<b/>z</a>", "<a>" + long + "<b/>z</a>"},
		{"long CDATA", "<a><![CDATA[" + long + "yyy\n]]]]></a>", "<a><![CDATA[" + long + "]]></a>"},
		{"unfinished", "<a><![CDATA[x", "<a><![CDATA[x"},
	} {
		s, err := newScrubber(strings.NewReader(c.in))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(s)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %.200q, %v, want %.200q", c.name, got, err, c.want)
		}
	}
}

func TestLinesStayRight(t *testing.T) {
	lines := strings.Repeat("\n", maxSection/2)
	in := "<a>\n<!-- \n\n --><b>" + lines + lines + lines + "</b>\n<c/></a>"
	o, err := newOutline(strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.root(); err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"b": 4, "c": 5 + 3*maxSection/2}
	err = o.children(func(name string, _ xml.StartElement) error {
		if got := o.line(); got != want[name] {
			t.Errorf("%s is in line %d, want %d", name, got, want[name])
		}
		return o.skip()
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOtherEncodings(t *testing.T) {
	utf16 := "\xff\xfe"
	for _, b := range []byte(`<?xml version="1.0" encoding="utf-16"?><a>x`) {
		utf16 += string([]byte{b, 0})
	}
	utf16 += "\xe9\x00\x20\x00"
	for in, want := range map[string]string{
		`<?xml version="1.0" encoding="windows-1252"?><a>` + "\x93caf\xe9\x94": "<a>“café”",
		`<?xml version='1.0' encoding='ISO-8859-15' ?><a>` + "\xa4":            "<a>€",
		`<?xml version="1.0" encoding="UTF-8"?><a>é`:                           "<a>é",
		`<?xml version="1.0" encoding="KOI8-R"?><a>` + "\xcd\xc9\xd2":          "<a>мир",
		utf16: "<a>xé ",
	} {
		s, err := newScrubber(strings.NewReader(in))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(s); err != nil || !strings.HasSuffix(string(got), want) {
			t.Errorf("%.60q gives %q, %v, want %q at the end", in, got, err, want)
		}
	}
}
