package transfer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// declarationWindow is how many bytes at the beginning an XML declaration stands in.
const declarationWindow = 1024

var declaredEncoding = regexp.MustCompile(`^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']`)

// encodings are those that exports are found in beside UTF-8, by the names that the Encoding Standard
// (https://encoding.spec.whatwg.org/#names-and-labels) knows; as there, ISO 8859-1 is read as Windows-1252. The
// tables of the East Asian ones would be two hundredths of the whole program; iconv has them.
var encodings = map[string]encoding.Encoding{
	"utf-16": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM),
	"utf-16be": unicode.UTF16(unicode.BigEndian, unicode.UseBOM),

	"ascii": charmap.Windows1252, "us-ascii": charmap.Windows1252, "iso-8859-1": charmap.Windows1252, "latin1": charmap.Windows1252,
	"iso-8859-2": charmap.ISO8859_2, "latin2": charmap.ISO8859_2, "iso-8859-3": charmap.ISO8859_3, "iso-8859-4": charmap.ISO8859_4,
	"iso-8859-5": charmap.ISO8859_5, "iso-8859-6": charmap.ISO8859_6, "iso-8859-7": charmap.ISO8859_7, "iso-8859-8": charmap.ISO8859_8,
	"iso-8859-9": charmap.Windows1254, "latin5": charmap.Windows1254, "iso-8859-10": charmap.ISO8859_10, "iso-8859-13": charmap.ISO8859_13,
	"iso-8859-14": charmap.ISO8859_14, "iso-8859-15": charmap.ISO8859_15, "latin9": charmap.ISO8859_15, "iso-8859-16": charmap.ISO8859_16,

	"windows-874": charmap.Windows874, "windows-1250": charmap.Windows1250, "windows-1251": charmap.Windows1251, "windows-1252": charmap.Windows1252,
	"windows-1253": charmap.Windows1253, "windows-1254": charmap.Windows1254, "windows-1255": charmap.Windows1255, "windows-1256": charmap.Windows1256,
	"windows-1257": charmap.Windows1257, "windows-1258": charmap.Windows1258, "cp1250": charmap.Windows1250, "cp1251": charmap.Windows1251,
	"cp1252": charmap.Windows1252, "ibm866": charmap.CodePage866, "cp866": charmap.CodePage866, "koi8-r": charmap.KOI8R, "koi8-u": charmap.KOI8U,
	"macintosh": charmap.Macintosh,
}

// newScrubber finds out the encoding of an XML file and gives a reader of clean UTF-8.
func newScrubber(r io.Reader) (*scrubber, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	head, err := in.Peek(declarationWindow)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		in.Discard(len("\ufeff"))
		return &scrubber{in: in}, nil
	}
	label := "utf-8"
	if bytes.HasPrefix(head, []byte("\xfe\xff")) || bytes.HasPrefix(head, []byte("\xff\xfe")) {
		label = "utf-16" // the mark says which of the two
	} else if m := declaredEncoding.FindSubmatch(head); m != nil {
		label = strings.ToLower(string(m[1]))
	}
	if label == "utf-8" || label == "utf8" {
		return &scrubber{in: in}, nil
	}
	known := encodings[label]
	if known == nil {
		return nil, fmt.Errorf("it says that it is written in %q, which is unknown here; iconv -f %s -t utf-8 may help", label, label)
	}
	return &scrubber{in: bufio.NewReaderSize(known.NewDecoder().Reader(in), 64<<10)}, nil
}
