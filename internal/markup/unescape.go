package markup

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/util"
)

// unescape resolves backslash escapes and entities in one pass, as CommonMark
// 0.31 sections 2.4 and 2.5 say. The result is text, not HTML.
func unescape(src []byte) string {
	if !bytes.ContainsAny(src, `\&`) {
		return string(src)
	}
	var out strings.Builder
	for i := 0; i < len(src); i++ {
		switch {
		case src[i] == '\\' && i+1 < len(src) && util.IsPunct(src[i+1]):
			i++
			out.WriteByte(src[i])
		case src[i] == '&':
			if value, length := entity(src[i:]); length > 0 {
				out.WriteString(value)
				i += length - 1
				continue
			}
			out.WriteByte('&')
		default:
			out.WriteByte(src[i])
		}
	}
	return out.String()
}

// longestEntity is the length of &CounterClockwiseContourIntegral;
const longestEntity = 33

// entity reads the entity that src begins with and its length in bytes, which
// is 0 when there is none.
func entity(src []byte) (value string, length int) {
	end := bytes.IndexByte(src[:min(len(src), longestEntity)], ';')
	if end < 2 {
		return "", 0
	}
	name := string(src[1:end])
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		base, most := 10, 7
		if len(digits) > 1 && (digits[0] == 'x' || digits[0] == 'X') {
			base, most, digits = 16, 6, digits[1:]
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || len(digits) > most {
			return "", 0
		}
		return string(util.ToValidRune(rune(n))), end + 1
	}
	if known, ok := util.LookUpHTML5EntityByName(name); ok {
		return string(known.Characters), end + 1
	}
	return "", 0
}
