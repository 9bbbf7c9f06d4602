package locale

import (
	"strings"
	"testing"
)

// What is written the short way, and what is kept, is what golang.org/x/text writes.
func TestOftenIsTheSame(t *testing.T) {
	args := [][]any{{"Ann {1} %d", 3}, {"", 0}, {"a", 255}, {"a", 256}, {"a", -1}, {"a", "b"}, {7, 7}, {"a", 12345}}
	for _, lang := range Languages() {
		c := For(lang)
		short := 0
		for key := range c.simple {
			for _, a := range args {
				got, ok := c.filled(c.simple[key], a)
				if want := c.printer.Sprintf(key, a...); ok && got != want && !strings.Contains(want, "%!") {
					t.Errorf("%s %s%v: %q, want %q", lang, key, a, got, want)
				}
				if ok {
					short++
				}
			}
		}
		if short < len(c.simple) {
			t.Errorf("%s: only %d of %d messages are written the short way", lang, short, len(c.simple))
		}
		for key, plural := range c.plural {
			for n := range 300 {
				if !plural {
					break
				}
				if first, again, want := c.N(key, n), c.N(key, n), c.printer.Sprintf(key, n); first != want || again != want {
					t.Errorf("%s %s %d: %q, then %q, want %q", lang, key, n, first, again, want)
				}
			}
		}
		for _, n := range []int{-5, 0, 7, 255, 256, 1234, 1234567} {
			if first, again := c.Number(n), c.Number(n); first != again || n == 1234567 && first == "1234567" {
				t.Errorf("%s: %d is %q, then %q", lang, n, first, again)
			}
		}
	}
}
