package markup

import (
	"testing"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, c := range []struct {
		html string
		max  int
		want string
	}{
		{"<p>Hello <strong>wor</strong>ld</p>", 50, "Hello world"},
		{"<p>One.</p><p>Two.<br>Three.</p><ul><li>a</li><li>b</li></ul>", 50, "One. Two. Three. a b"},
		{"<p>a &lt;b&gt; &amp;amp; &#34;c&#34;</p>", 50, `a <b> &amp; "c"`},
		{"<pre><code>x\n   y</code></pre>", 50, "x y"},
		{"<p>The quick brown fox</p>", 19, "The quick brown fox"},
		{"<p>The quick brown fox</p>", 18, "The quick brown…"},
		{"<p>The quick brown fox</p>", 16, "The quick brown…"},
		{"<p>The quick, brown</p>", 12, "The quick…"},
		{"<p>Straßenbahnhaltestellenhäuschen</p>", 8, "Straßen…"},
		{"<p>Oh Straßenbahnhaltestellenhäuschen</p>", 12, "Oh Straßenb…"},
		{"<p>ab</p>", 1, "…"},
		{"<p>ab</p>", 0, ""},
		{"", 10, ""},
		{"<p>a</p><hr>", 10, "a"},
		{"<script>alert(1)</script><style>x</style>ok", 50, "ok"},
		{"unclosed <em>text", 50, "unclosed text"},
	} {
		got := Text(c.html, c.max)
		if got != c.want {
			t.Errorf("Text(%q, %d) = %q, want %q", c.html, c.max, got, c.want)
		}
		if utf8.RuneCountInString(got) > c.max {
			t.Errorf("Text(%q, %d) has %d characters", c.html, c.max, utf8.RuneCountInString(got))
		}
	}
}
