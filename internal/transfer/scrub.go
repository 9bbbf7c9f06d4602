package transfer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// maxSection is how many characters of one stretch of text or CDATA get through; the rest of it is
	// dropped on the way. It is above every field we read, and keeps the XML decoder, which holds a
	// stretch as a whole, small whatever the file says.
	maxSection = 512 << 10
	// maxTag is the most characters between "<" and ">".
	maxTag = 64 << 10
)

// scrubber reads the XML of programs that write it carelessly and gives XML that a decoder takes: UTF-8, no
// characters that XML forbids, be they there as such or as references, no comments, and no endless
// stretches. It refuses a document type: nothing that exports comments needs one, and everything that has
// ever been wrong with XML needs one. It is read byte by byte, so that the decoder never reads ahead and
// dropped always belongs to what has been decoded.
type scrubber struct {
	in      *bufio.Reader
	out     []byte // ready to be given out; lies in room or in what in has read
	room    [16]byte
	state   scrubState
	quote   rune // the quotation mark of the attribute we are in, or 0
	length  int  // characters of the present stretch
	dropped int  // lines that were dropped so far
}

type scrubState int

const (
	inText scrubState = iota
	inTag
	inInstruction
	inCDATA
	inComment
)

// Read gives at most one byte at a time; the decoder uses ReadByte.
func (s *scrubber) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := s.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}

// ReadByte gives the next byte of clean XML.
func (s *scrubber) ReadByte() (byte, error) {
	for len(s.out) == 0 {
		if err := s.step(); err != nil {
			return 0, err
		}
	}
	b := s.out[0]
	s.out = s.out[1:]
	return b, nil
}

// step reads one character and puts what becomes of it into out.
func (s *scrubber) step() error {
	if (s.state == inText || s.state == inCDATA) && s.run() {
		return nil
	}
	r, _, err := s.in.ReadRune()
	if err != nil {
		return err
	}
	s.length++
	switch s.state {
	case inText:
		return s.text(r)
	case inCDATA, inComment:
		s.section(r)
		return nil
	}
	return s.tag(r)
}

// run gives out the plain characters that come next, all at once: most of a file is made of them.
func (s *scrubber) run() bool {
	head, _ := s.in.Peek(s.in.Buffered())
	n := bytes.IndexFunc(head, func(r rune) bool {
		return (r < ' ' && r != '\n' && r != '\t') || r >= utf8.RuneSelf || r == '<' || r == '&' || r == ']'
	})
	if n < 0 {
		n = len(head)
	}
	if n == 0 {
		return false
	}
	s.in.Discard(n) // the bytes stay where they are until the next read
	room := min(n, max(0, maxSection-s.length))
	s.out, s.length = head[:room], s.length+n
	s.dropped += bytes.Count(head[room:n], []byte("\n"))
	return true
}

// text is between tags.
func (s *scrubber) text(r rune) error {
	switch {
	case r == '<' && s.take("![CDATA["):
		s.enter(inCDATA, "<![CDATA[")
	case r == '<' && s.take("!--"):
		s.enter(inComment, "<!---->") // parts the text on both sides, which else could add up
	case r == '<' && s.endsIn("![CDATA["):
		return io.ErrUnexpectedEOF
	case r == '<' && s.take("!"):
		return errors.New("it has a document type (<!DOCTYPE), which exports do not need and we do not read")
	case r == '<' && s.take("?"):
		s.enter(inInstruction, "<?")
	case r == '<':
		s.enter(inTag, "<")
	case r == ']' && s.take("]>"):
		s.emit("]]&gt;") // only CDATA may end like this, but not everybody knows
	default:
		s.character(r)
	}
	return nil
}

// section is inside CDATA or a comment.
func (s *scrubber) section(r rune) {
	switch {
	case s.state == inCDATA && r == ']' && s.take("]>"):
		s.enter(inText, "]]>")
	case s.state == inComment && r == '-' && s.take("->"):
		s.enter(inText, "")
	case s.state == inComment:
		s.drop(r)
	default:
		s.character(r)
	}
}

// tag is inside a tag or a processing instruction, which the decoder also takes as a whole.
func (s *scrubber) tag(r rune) error {
	switch {
	case s.length > maxTag:
		return fmt.Errorf("it has a tag of more than %d kB", maxTag>>10)
	case s.state == inInstruction && r == '?' && s.take(">"):
		s.enter(inText, "?>")
		return nil
	case s.state == inTag && r == '>' && s.quote == 0:
		s.enter(inText, ">")
		return nil
	case s.state == inTag && s.quote == 0 && (r == '"' || r == '\''):
		s.quote = r
	case r == s.quote:
		s.quote = 0
	}
	s.character(r)
	return nil
}

// character lets one character through, unless it is forbidden or one too many.
func (s *scrubber) character(r rune) {
	switch {
	case s.length > maxSection:
		s.drop(r)
	case !legal(r), r == '&' && s.forbiddenReference():
		s.emit(" ")
	default:
		s.out = utf8.AppendRune(s.room[:0], r)
	}
}

func (s *scrubber) drop(r rune) {
	if r == '\n' {
		s.dropped++
	}
}

func (s *scrubber) emit(text string) { s.out = append(s.room[:0], text...) }

func (s *scrubber) enter(state scrubState, text string) {
	s.state, s.length, s.quote = state, 0, 0
	s.emit(text)
}

// endsIn tells whether the file ends within text, which has begun.
func (s *scrubber) endsIn(text string) bool {
	head, _ := s.in.Peek(len(text))
	return len(head) > 0 && len(head) < len(text) && strings.HasPrefix(text, string(head))
}

// take skips text if it comes next.
func (s *scrubber) take(text string) bool {
	if head, _ := s.in.Peek(len(text)); string(head) != text {
		return false
	}
	s.in.Discard(len(text))
	return true
}

// forbiddenReference tells whether a reference like &#11; to a character that XML forbids follows the
// ampersand just read, and skips it.
func (s *scrubber) forbiddenReference() bool {
	head, _ := s.in.Peek(len("#x10FFFF;"))
	end := bytes.IndexByte(head, ';')
	if end < 2 || head[0] != '#' {
		return false
	}
	digits, base := string(head[1:end]), 10
	if digits[0] == 'x' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n <= utf8.MaxRune && legal(rune(n)) {
		return false
	}
	s.in.Discard(end + 1)
	return true
}

// legal tells whether XML 1.0 section 2.2 allows the character.
func legal(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || ' ' <= r && r <= 0xD7FF || 0xE000 <= r && r <= 0xFFFD || 0x10000 <= r && r <= 0x10FFFF
}
