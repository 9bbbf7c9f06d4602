package transfer

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxDepth is how deep elements may lie in each other. Exports use six levels; 200,000 open ones cost the
// decoder a second.
const maxDepth = 64

// outline reads XML as a tree without ever holding it: whoever opens an element reads its children or its
// text to the end.
type outline struct {
	decoder *xml.Decoder
	source  *scrubber
	depth   int
}

// newOutline starts reading an XML file.
func newOutline(r io.Reader) (*outline, error) {
	source, err := newScrubber(r)
	if err != nil {
		return nil, err
	}
	decoder := xml.NewDecoder(source)
	decoder.Strict = false // a bare "&" in an address is the commonest mistake of all
	decoder.Entity = xml.HTMLEntity
	decoder.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // the scrubber gives UTF-8
	return &outline{decoder: decoder, source: source}, nil
}

// line gives the line that has been read up to.
func (o *outline) line() int {
	line, _ := o.decoder.InputPos()
	return line + o.source.dropped
}

var errTooDeep = fmt.Errorf("its elements lie more than %d deep in each other", maxDepth)

func (o *outline) token() (xml.Token, error) {
	token, err := o.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token.(type) {
	case xml.StartElement:
		if o.depth++; o.depth > maxDepth {
			return nil, errTooDeep
		}
	case xml.EndElement:
		o.depth--
	}
	return token, nil
}

// root gives the first element. io.EOF means that there is none.
func (o *outline) root() (string, error) {
	for {
		token, err := o.token()
		if err != nil {
			return "", err
		}
		if start, ok := token.(xml.StartElement); ok {
			return nameOf(start.Name), nil
		}
	}
}

// children calls on for each child of the element just opened, until its end. on must read the child, by
// children, text or skip.
func (o *outline) children(on func(name string, child xml.StartElement) error) error {
	for {
		token, err := o.token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := on(nameOf(t.Name), t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// text gives the text of the element just opened, up to its end and without elements inside it, trimmed and
// at most most bytes long. More than that gives errOverlong, and nothing, once the element is read.
func (o *outline) text(most int) (string, error) {
	var b strings.Builder
	var overlong bool
	for inside := 0; ; {
		token, err := o.token()
		if err != nil {
			return "", err
		}
		switch t := token.(type) {
		case xml.StartElement:
			inside++
		case xml.EndElement:
			if inside--; inside < 0 {
				if overlong {
					return "", errOverlong
				}
				return strings.TrimSpace(b.String()), nil
			}
		case xml.CharData:
			if overlong = overlong || b.Len()+len(t) > most; !overlong && inside == 0 {
				b.Write(t)
			}
		}
	}
}

var errOverlong = errors.New("a field is longer than it may be")

// skip reads the element just opened to its end.
func (o *outline) skip() error {
	_, err := o.text(0)
	if errors.Is(err, errOverlong) {
		return nil
	}
	return err
}

// truncated tells whether err says that the file ends in the middle.
func truncated(err error) bool {
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
		return strings.HasPrefix(syntax.Msg, "unexpected EOF")
	}
	return errors.Is(err, io.ErrUnexpectedEOF)
}
