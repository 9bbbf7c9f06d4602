package words

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestText(t *testing.T) {
	c := Learn("The ferry waits at the pier. The mayor counts the gulls at noon! Who pays for the pier?")
	dice := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	for range 200 {
		text := c.Text(dice, 120)
		if len(text) < 120 || len(text) > 600 || strings.Contains(text, "  ") || !strings.ContainsAny(text[len(text)-1:], ".!?") {
			t.Fatalf("%d bytes: %q", len(text), text)
		}
		for _, word := range strings.Fields(text) {
			if !strings.Contains("The ferry waits at the pier. mayor counts gulls noon! Who pays for pier?", strings.Trim(word, ".")) {
				t.Fatalf("%q was never learned", word)
			}
		}
		seen[text] = true
	}
	if len(seen) < 190 {
		t.Errorf("200 texts are only %d different ones", len(seen))
	}
}

// TestCircles has words that lead to each other for ever.
func TestCircles(t *testing.T) {
	c := Learn("round and round and round and")
	if text := c.Text(rand.New(rand.NewPCG(1, 1)), 10); len(strings.Fields(text)) > longest+1 {
		t.Errorf("%d words", len(strings.Fields(text)))
	}
}
