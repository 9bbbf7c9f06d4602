package identity

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"parley"
)

func TestCleanName(t *testing.T) {
	for given, want := range map[string]string{
		"Ada":                             "Ada",
		"  Ada \u00a0 Lovelace ":          "Ada Lovelace",
		"Zoe\u0308":                       "Zo\u00eb",
		"O’Neil-Smith, Jr.":               "O’Neil-Smith, Jr.",
		"محمد الفارسي":                    "محمد الفارسي",
		"می\u200cخواهم":                   "می\u200cخواهم", // a joiner that Persian needs
		"王小明":                             "王小明",
		"क्\u200dषत्रिय":                  "क्\u200dषत्रिय",
		"Nguyễn Văn Ân":                   "Nguyễn Văn Ân",
		"42":                              "42",
		strings.Repeat("a", 40):           strings.Repeat("a", 40),
		strings.Repeat("e\u0301", 40):     strings.Repeat("é", 40),
		"A":                               "",
		"":                                "",
		"   ":                             "",
		strings.Repeat("a", 41):           "",
		strings.Repeat("a", 100_000):      "",
		"Ada\x00":                         "",
		"Ada\nLovelace":                   "",
		"Ada\u202eecalevoL":               "", // turns the direction of reading
		"Ada\u2066":                       "",
		"Ad\u200ba":                       "", // a space nobody sees
		"Ada\u200d":                       "",
		"Ada\ufeff":                       "",
		"Ada\u00ad":                       "",
		"\U000e0041\U000e0064":            "",
		"\xff\xfe":                        "",
		"!!":                              "",
		"😀😀":                              "",
		"ㅤㅤ":                              "", // Hangul fillers: letters that show nothing
		"A" + strings.Repeat("\u0335", 9): "",
		"Ada\ue000":                       "", // private use
	} {
		got, err := CleanName(given)
		if got != want {
			t.Errorf("%.40q becomes %q (%v), want %q", given, got, err, want)
		}
		if want == "" {
			wants(t, given[:min(len(given), 40)], err, parley.CodeNameInvalid)
		}
	}
}

func TestNamesAlike(t *testing.T) {
	for _, alike := range [][]string{
		{"Ian", "ian", "IAN", "lan", "1an", "I an", "I.a.n", "Iаn", "ⅼan", "|an"}, // one with a Cyrillic а
		{"paypal", "раураl", "PayPal", "pay-pal", "ｐａｙｐａｌ"},
		{"Bob", "Воb", "bob", "𝐁𝐨𝐛"},
		{"modern", "rnodern", "MODERN"},
		{"Zoë", "Zoe\u0308", "ZOË"},
		{"Groß", "GROSS", "gross"},
		{"O0", "00", "oo", "ΟΟ"},
	} {
		key := NameKey(alike[0])
		for _, name := range alike {
			if got := NameKey(name); got != key || got == "" {
				t.Errorf("%q has the key %q, %q has %q: they look alike", alike[0], key, name, got)
			}
		}
	}
	for _, apart := range [][2]string{{"Ada", "Ida"}, {"Zoe", "Zoë"}, {"Anna", "Anne"}, {"Bob", "Rob"}, {"Иван", "Ivan"}, {"王小明", "王小名"}} {
		if NameKey(apart[0]) == NameKey(apart[1]) {
			t.Errorf("%q and %q count as alike", apart[0], apart[1])
		}
	}
}

// FuzzCleanName: what is accepted is short, visible, in NFC and accepted again unchanged, and has a key.
func FuzzCleanName(f *testing.F) {
	for _, seed := range []string{"Ada", "Zoe\u0308", "می\u200cخواهم", "a\u202eb", "ㅤㅤ", "ﬁ ﬂ", "İı", "A\u0335\u0335\u0335\u0335\u0335\u0335"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		name, err := CleanName(given)
		if err != nil {
			return
		}
		n := utf8.RuneCountInString(name)
		if n < parley.MinName || n > parley.MaxName || !norm.NFC.IsNormalString(name) || strings.ContainsFunc(name, unicode.IsControl) {
			t.Errorf("%q was accepted as %q", given, name)
		}
		if again, err := CleanName(name); again != name || err != nil {
			t.Errorf("%q is accepted as %q, that as %q (%v)", given, name, again, err)
		}
		if key := NameKey(name); key == "" || NameKey(strings.ToUpper(name)) != NameKey(strings.ToUpper(name)+" ") {
			t.Errorf("%q has the key %q", name, key)
		}
	})
}
