package markup

import (
	"path/filepath"
	"strings"
	"testing"

	"parley"
)

func TestFromHTML(t *testing.T) {
	for _, c := range []struct{ source, markdown, rendered string }{
		{"<p>Hello <b>you</b> and <i>me</i></p><p>2<br>3</p>", "Hello **you** and *me*\n\n2\n3", "<p>Hello <strong>you</strong> and <em>me</em></p><p>2<br>3</p>"},
		{"no markup\nat all", "no markup at all", "<p>no markup at all</p>"},
		{"<div>one</div><div>two</div>", "one\n\ntwo", "<p>one</p><p>two</p>"},
		{"5 &lt; 6 &amp; &amp;copy; &lt;script&gt;", "5 &lt; 6 & &amp;copy; &lt;script&gt;", "<p>5 &lt; 6 &amp; &amp;copy; &lt;script&gt;</p>"},
		{"2 * 3 * 4 *5* _x_ # [b](c)", "2 * 3 * 4 \\*5* \\_x_ # \\[b](c)", "<p>2 * 3 * 4 *5* _x_ # [b](c)</p>"},
		{"<pre>a\n  b</pre>", "```\na\n  b\n```", "<pre><code>a\n  b\n</code></pre>"},
		{"<h2>Head</h2>text", "## Head\n\ntext", "<p><strong>Head</strong></p><p>text</p>"},
		{"<ul><li>a<li>b</ul>", "- a\n- b", "<ul><li>a</li><li>b</li></ul>"},
		{"<table><tr><td>a</td><td>b</td></tr></table>", "a\n\nb", "<p>a</p><p>b</p>"},
		{"<del>a</del> <u>b</u> <span style=x>c</span>", "~~a~~ b c", "<p><del>a</del> b c</p>"},
		{`<a href="javascript:x">l</a>`, "l", "<p>l</p>"},
		{`<img src="https://a.example/b.png" alt="c">`, "![c](https://a.example/b.png)", `<p><a href="https://a.example/b.png" rel="nofollow ugc noopener">c</a></p>`},
		{"a&#8238;b\x01c", "abc", "<p>abc</p>"},
		{"<p>1984. Nobody.</p>", "1984\\. Nobody.", "<p>1984. Nobody.</p>"},
	} {
		markdown, err := FromHTML(c.source)
		if err != nil || markdown != c.markdown {
			t.Errorf("FromHTML(%q) = %q, %v, want %q", c.source, markdown, err, c.markdown)
		}
		if rendered, err := Comment(markdown); err != nil || rendered != c.rendered {
			t.Errorf("Comment(%q) = %q, %v, want %q", markdown, rendered, err, c.rendered)
		}
	}
}

func TestFromWordPress(t *testing.T) {
	for _, c := range []struct{ source, markdown string }{
		{"a\nb\n\nc", "a\nb\n\nc"},
		{"a\r\n\r\n\r\nb", "a\n\nb"},
		{"\n\na\n", "a"},
		{"<p>a</p>\n\n<p>b</p>\n", "a\n\nb"},
		{"a <strong>b</strong>\n<em>c</em> d", "a **b**\n*c* d"},
		{"a <em>b\n\nc</em> d", "a *b*\n\n*c* d"},
		{"x\n<blockquote>\nq\n\nr\n</blockquote>\nend", "x\n\n> q\n>\n> r\n\nend"},
		{"<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "- a\n- b"},
		{"a<br />\nb", "a\nb"},
		{"<pre>a\n\n\nb</pre>", "```\na\n\n\nb\n```"},
		{"a <!-- x\n\n --> b", "a b"},
		{"5 < 6\n&lt;b&gt;", "5 &lt; 6\n&lt;b&gt;"},
	} {
		if markdown, err := FromWordPress(c.source); err != nil || markdown != c.markdown {
			t.Errorf("FromWordPress(%q) = %q, %v, want %q", c.source, markdown, err, c.markdown)
		}
	}
}

// TestRoundTrip reads our own HTML back: it must look the same.
func TestRoundTrip(t *testing.T) {
	changes := map[string]string{
		"styles": "nested emphasis is merged",
		"lists":  "a list inside an item makes the items paragraphs",
		"links":  "addresses are spelled with more escapes",
	}
	for name, body := range dialect(t) {
		if _, differs := changes[strings.TrimSuffix(filepath.Base(name), ".md")]; differs {
			continue
		}
		first, err := Comment(body)
		if err != nil {
			t.Fatal(err)
		}
		markdown, err := FromHTML(first)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if second, err := Comment(markdown); err != nil || second != first {
			t.Errorf("%s: %v\nfirst    %s\nmarkdown %q\nsecond   %s", name, err, first, markdown, second)
		}
	}
}

func TestFromHTMLRefuses(t *testing.T) {
	for source, code := range map[string]parley.Code{
		"":                                     parley.CodeBodyEmpty,
		"<script>x</script><iframe>y</iframe>": parley.CodeBodyEmpty,
		strings.Repeat("<b>", 600) + "x":       parley.CodeBodyTangled,
		strings.Repeat("a", MaxImport+1):       parley.CodeBodyTooLong,
		strings.Repeat("[", maxBrackets+1):     parley.CodeBodyTangled,
	} {
		if body, err := FromHTML(source); parley.CodeOf(err) != code {
			t.Errorf("%.40q: got %.40q, %v, want %s", source, body, err, code)
		}
	}
}
