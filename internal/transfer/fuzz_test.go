package transfer

import (
	"io"
	"strings"
	"testing"
)

// fuzzed are small exports to start from; large ones would keep the fuzzer busy with making them smaller.
var fuzzed = []string{
	`@item(1)@comment(1,0)@comment(2,1)</item>`,
	`@item(1)@comment(3,9)@comment(2,2)@comment(4,5)@comment(5,4)</item>@item(2)@comment(6,3)</item>`,
	`@item(1)<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_approved>spam</wp:comment_approved></wp:comment>@comment(2,1)</item>`,
	`@item(1)<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_approved>0</wp:comment_approved><wp:comment_content>&amp;amp;lt;b</wp:comment_content></wp:comment>@comment(2,1)</item>`,
	`@item(1)<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>a@b.cd</wp:comment_author><wp:comment_approved>1</wp:comment_approved><wp:comment_content><![CDATA[<p>x]]]]><![CDATA[>]]></wp:comment_content></wp:comment></item>`,
	`<wp:author><wp:author_id>2</wp:author_id><wp:author_email>E@f.gh</wp:author_email></wp:author>@item(1)<wp:comment_user_id>2</wp:comment_user_id></item>`,
	`@item(1)<category domain="category" nicename="n">S&eacute;&#11;</category><title>T &lt;i></title></item>`,
	`@item(1)<wp:comment_status>closed</wp:comment_status></item><!-- -- --><item><link>/</link></item>`,
	`<wp:base_blog_url>http://h/p</wp:base_blog_url><?x ?><![CDATA[ ]]><a b='c'>&</a></b>`,
}

func FuzzWordPress(f *testing.F) {
	const head = `<rss><channel><link>http://a.bc</link><wp:wxr_version>1.2</wp:wxr_version>`
	short := strings.NewReplacer(
		"@item(1)", `<item><link>http://courier.example/1</link><wp:post_id>1</wp:post_id><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>`,
		"@item(2)", `<item><link>http://courier.example/2</link><wp:post_id>2</wp:post_id><wp:status>publish</wp:status><wp:post_type>page</wp:post_type>`,
		"@comment(", `<wp:comment><wp:comment_approved>1</wp:comment_approved><wp:comment_content>x</wp:comment_content><wp:comment_id>`,
		",", `</wp:comment_id><wp:comment_parent>`, ")", `</wp:comment_parent></wp:comment>`,
	)
	for _, body := range fuzzed {
		f.Add([]byte(head + short.Replace(body) + `</channel></rss>`))
	}
	f.Add([]byte("\xff\xfe<\x00r\x00s\x00s\x00>\x00"))
	f.Add([]byte(`<?xml version="1.0" encoding="koi8-r"?><rss>`))
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 64<<10 {
			return
		}
		forum := newForum(t) // complains about records that are not fit
		options := Options{Site: courier, Writer: forum, Now: today}
		report, err := WordPress(t.Context(), inMemory(content), options)
		written := forum.String()
		if _, again := WordPress(t.Context(), inMemory(content), options); (again == nil) != (err == nil) {
			t.Errorf("the first run gives %v, the second %v", err, again)
		}
		if err == nil && forum.String() != written {
			t.Errorf("a second run changed\n%s\ninto\n%s", written, forum)
		}
		if printErr := report.Print(io.Discard); printErr != nil {
			t.Error(printErr)
		}
	})
}
