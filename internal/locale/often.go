package locale

import (
	"strings"
	"sync/atomic"
)

// golang.org/x/text looks up a message and its language's rules anew each time, which takes longer than all else
// that is said of a comment. Most of what is said often can be kept, or needs no rules.

// smallest is from which number on sentences are not kept: nearly all counts on a page are below it.
const smallest = 256

// small keeps one message for each small number, from when it was first asked for.
type small struct {
	kept atomic.Pointer[[smallest]atomic.Pointer[string]]
}

// of gives the message for n, written when it is not kept.
func (s *small) of(n int, write func() string) string {
	if n < 0 || n >= smallest {
		return write()
	}
	kept := s.kept.Load()
	if kept == nil {
		s.kept.CompareAndSwap(nil, new([smallest]atomic.Pointer[string]))
		kept = s.kept.Load()
	}
	if text := kept[n].Load(); text != nil {
		return *text
	}
	text := write()
	kept[n].Store(&text)
	return text
}

// filled writes a message whose arguments are text or small numbers. ok is false for any other.
func (c *Catalogue) filled(message string, args []any) (text string, ok bool) {
	if message == "" {
		return "", false
	}
	var out strings.Builder
	for {
		i := strings.IndexByte(message, '{')
		if i < 0 || i+2 >= len(message) || message[i+2] != '}' {
			break
		}
		n := int(message[i+1]) - '0'
		if n < 0 || n >= len(args) {
			return "", false
		}
		out.WriteString(message[:i])
		switch a := args[n].(type) {
		case string:
			out.WriteString(a)
		case int:
			if a < 0 || a >= smallest {
				return "", false
			}
			out.WriteString(c.Number(a))
		default:
			return "", false
		}
		message = message[i+3:]
	}
	if strings.IndexByte(message, '{') >= 0 {
		return "", false // no place for an argument
	}
	out.WriteString(message)
	return out.String(), true
}
