package transfer

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/net/html/charset"
)

// declarationWindow is how many bytes at the beginning an XML declaration stands in.
const declarationWindow = 1024

var declaredEncoding = regexp.MustCompile(`^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']`)

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
		label = string(m[1])
	}
	if strings.EqualFold(label, "utf-8") {
		return &scrubber{in: in}, nil
	}
	decoded, err := charset.NewReaderLabel(label, in)
	if err != nil {
		return nil, fmt.Errorf("it says that it is written in %q, which is unknown", label)
	}
	return &scrubber{in: bufio.NewReaderSize(decoded, 64<<10)}, nil
}
