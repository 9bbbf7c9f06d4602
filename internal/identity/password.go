package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ccojocar/zxcvbn-go"
	"github.com/ccojocar/zxcvbn-go/matching"
	"golang.org/x/text/unicode/norm"

	"parley"
)

// checkPassword refuses a password that is too short, too long or too easily guessed (NIST SP 800-63B-4,
// section 3.1.1: length and a list of common ones, no rules of composition). words are what an attacker would
// try first: the site's name, the reader's, the address.
func checkPassword(chosen string, words []string) error {
	switch {
	case !utf8.ValidString(chosen):
		return parley.Errorf(parley.CodeMalformed, "The password holds bytes that are no text.").On("password")
	case len(chosen) > parley.MaxPassword, len(norm.NFC.String(chosen)) > parley.MaxPassword:
		return parley.Errorf(parley.CodePasswordLong, "A password can be at most %d bytes long.", parley.MaxPassword).On("password")
	case utf8.RuneCountInString(norm.NFC.String(chosen)) < parley.MinPassword:
		return parley.Errorf(parley.CodePasswordShort, "A password needs at least %d characters. A few words that only you would put together are easy to remember.",
			parley.MinPassword).On("password")
	case common(chosen, words):
		return parley.Errorf(parley.CodePasswordWeak, "This password is among the first that would be tried. A few words that only you would put together are better.").On("password")
	}
	return nil
}

const (
	// weakBits is below how many bits of guessing a password counts as common. The sign-in itself allows a
	// hundred guesses before it slows down; what this keeps out is the lists and patterns that people of 15
	// characters fall back to ("1qaz2wsx3edc4rfv" has 32).
	weakBits = 35
	// maxGuessed is how much of a password the estimate looks at: its time grows with the square.
	maxGuessed = 64
	// maxUnit is the length of a repeated piece below which repeating it adds nothing.
	maxUnit = 10
	// minDistinct is how many different letters and digits a password needs.
	minDistinct = 6
)

// common tells whether a password is on the lists, a pattern of the keyboard, a repetition or a sequence.
func common(chosen string, words []string) bool {
	plain := letters(chosen)
	return repeats(plain) || runs(plain) ||
		guessable(chosen, words) || guessable(unleet.Replace(chosen), words)
}

// guessable asks zxcvbn. Its own search for letters written as digits and signs is left out: it takes seconds
// on crafted input, which is why unleet stands in for it.
func guessable(chosen string, words []string) bool {
	runes := []rune(strings.ToLower(norm.NFC.String(chosen)))
	return zxcvbn.PasswordStrength(string(runes[:min(len(runes), maxGuessed)]), words, matching.FilterL33tMatcher).Entropy < weakBits
}

var unleet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i", "|", "l", "+", "t")

// letters gives the letters, marks and digits of a password in lower case.
func letters(s string) []rune {
	var kept []rune
	for _, r := range strings.ToLower(norm.NFC.String(s)) {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) {
			kept = append(kept, r)
		}
	}
	if len(kept) == 0 {
		return []rune(s)
	}
	return kept
}

// repeats tells whether a text is a short piece over and over, or has hardly any different letters.
func repeats(text []rune) bool {
	distinct := map[rune]bool{}
	for _, r := range text {
		distinct[r] = true
	}
	if len(distinct) < minDistinct {
		return true
	}
	for unit := 1; unit <= min(maxUnit, len(text)/2); unit++ {
		same := true
		for i := unit; i < len(text) && same; i++ {
			same = text[i] == text[i-unit]
		}
		if same {
			return true
		}
	}
	return false
}

// runs tells whether a text mostly counts up, down or on the spot: "abcdefghijklmno", "aabbccddeeffgghh".
func runs(text []rune) bool {
	steps := 0
	for i := 1; i < len(text); i++ {
		if d := text[i] - text[i-1]; d >= -1 && d <= 1 {
			steps++
		}
	}
	return steps*4 >= len(text)*3
}

// guessWords gives the words an attacker would try first against a registration.
func (s *Service) guessWords(name, email string) []string {
	words := []string{}
	for _, text := range []string{s.site.Name, name, email} {
		words = append(words, strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })...)
		words = append(words, strings.ToLower(text))
	}
	return words
}
