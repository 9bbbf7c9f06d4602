package identity

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mtibben/confusables"
	"golang.org/x/text/cases"
	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"

	"parley"
)

// maxMarks is how many marks may stand on one letter: enough for every living script, too few to climb into
// the lines above.
const maxMarks = 4

// CleanName gives a display name as it is kept: NFC, single spaces. It refuses with parley.CodeNameInvalid
// what is too short or too long, holds characters that nobody sees or that turn the direction of reading
// (RFC 8264 section 9: what the FreeformClass does not allow), or has no letter or digit.
func CleanName(name string) (string, error) {
	refuse := func(sentence string, args ...any) error {
		return parley.Errorf(parley.CodeNameInvalid, sentence, args...).On("name")
	}
	if len(name) > 16*parley.MaxName || !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl) {
		return "", refuse("Please choose a name of %d to %d ordinary characters.", parley.MinName, parley.MaxName)
	}
	name = strings.Join(strings.Fields(norm.NFC.String(name)), " ")
	if n := utf8.RuneCountInString(name); n < parley.MinName || n > parley.MaxName {
		return "", refuse("A name has %d to %d characters.", parley.MinName, parley.MaxName)
	}
	if _, err := precis.Nickname.String(name); err != nil || piled(name) {
		return "", refuse("This name holds characters that readers could not see or tell apart. Please use ordinary letters.")
	}
	if NameKey(name) == "" || !strings.ContainsFunc(name, isWritten) {
		return "", refuse("A name needs at least one letter or digit.")
	}
	return name, nil
}

func isWritten(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// piled tells whether marks are piled up on a letter.
func piled(name string) bool {
	marks := 0
	for _, r := range norm.NFD.String(name) {
		if !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
		} else if marks++; marks > maxMarks {
			return true
		}
	}
	return false
}

// NameKey gives what names that readers would take for one another have in common; no two accounts of a site
// hold the same. It is the skeleton of UTS #39 (tables of Unicode 13, 2021), taken before and after folding
// case, without spaces and punctuation; and because a capital I, a small l and a 1 look alike, so do all their
// other forms. "" means that nothing of the name is left.
func NameKey(name string) string {
	for range 2 {
		name = cases.Fold().String(confusables.Skeleton(norm.NFKC.String(name)))
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'l', r == 'ı', r == '|':
			return 'i'
		case r == '0':
			return 'o'
		case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsNumber(r):
			return r
		}
		return -1
	}, name)
}

// reserved tells whether a name would pass for the forum itself or for one of its badges.
func (s *Service) reserved(name string) bool {
	key := NameKey(name)
	return slices.ContainsFunc([]string{
		"Administrator", "Admin", "Moderator", "Moderation", "The moderators", "Editor", "The editors", "Author", "Staff", "Parley", s.site.Name,
	}, func(taken string) bool { return NameKey(taken) == key })
}

// errNameTaken refuses a name that is in use, or looks like one.
func errNameTaken() error {
	return parley.Errorf(parley.CodeNameTaken, "This name, or one that looks like it, is taken. Please choose another.").On("name")
}
