package chart

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestContrast holds what is drawn to WCAG 2.2: 3 to 1 for graphics (1.4.11), 4.5 to 1 for text (1.4.3), in the
// colours of the forum's own style sheet, light and dark.
func TestContrast(t *testing.T) {
	css, err := os.ReadFile("../../browser/conversation/embed.css")
	if err != nil {
		t.Fatal(err)
	}
	for theme, name := range []string{"light", "dark"} {
		colour := func(use string) [3]float64 {
			property := regexp.MustCompile(`var\((--_\w+),`).FindStringSubmatch(use)[1]
			both := regexp.MustCompile(property + `: var\([^;]*light-dark\((#\w+), (#\w+)\)`).FindStringSubmatch(string(css))
			if both == nil {
				t.Fatalf("the style sheet has no %s", property)
			}
			if !strings.Contains(use, both[1]) {
				t.Errorf("%s: the style sheet has %s", use, both[1])
			}
			return rgb(t, both[1+theme])
		}
		back := colour(paper)
		band := [3]float64{}
		for i, c := range colour(accent) {
			band[i] = 0.7*c + 0.3*back[i]
		}
		for _, pair := range []struct {
			what        string
			over, under [3]float64
			least       float64
		}{
			{"bands", band, back, 3}, {"the line", colour(ink), back, 3}, {"the line's rim on bands", back, band, 3},
			{"marks", colour(editor), back, 4.5}, {"words", colour(muted), back, 4.5}, {"the line's name", colour(ink), back, 4.5},
		} {
			if c := contrast(pair.over, pair.under); c < pair.least {
				t.Errorf("%s: %s have %.2f to 1, not %v", name, pair.what, c, pair.least)
			}
		}
	}
}

func rgb(t *testing.T, hex string) (c [3]float64) {
	t.Helper()
	hex = strings.TrimPrefix(hex, "#")
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	for i := range c {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		c[i] = float64(n) / 255
	}
	return c
}

// contrast is that of WCAG 2.2, from relative luminances.
func contrast(a, b [3]float64) float64 {
	luminance := func(c [3]float64) (sum float64) {
		for i, weight := range [3]float64{0.2126, 0.7152, 0.0722} {
			if c[i] <= 0.04045 {
				sum += weight * c[i] / 12.92
			} else {
				sum += weight * math.Pow((c[i]+0.055)/1.055, 2.4)
			}
		}
		return sum
	}
	x, y := luminance(a)+0.05, luminance(b)+0.05
	return max(x, y) / min(x, y)
}
