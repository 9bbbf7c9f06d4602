package markup

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// allowList is what may stand in rendered HTML, written down a second time
// and independently of the code: element to attribute to pattern.
type allowList map[string]map[string]*regexp.Regexp

var (
	webAddress = regexp.MustCompile(`^(https?://[^/\s@\\]+(/[^\s\\]*|[?#][^\s\\]*)?|mailto:[^\s\\]+)$`)
	ownAddress = regexp.MustCompile(`^(https?://[^/\s@\\]+(/[^\s\\]*|[?#][^\s\\]*)?|mailto:[^\s\\]+|[^:\s\\?#/]*([/?#][^\s\\]*)?)$`)
	anything   = regexp.MustCompile(`(?s)^.*$`)
	blockName  = regexp.MustCompile(`^p-[0-9a-f]{10}(-[0-9]+)?$`)
)

var commentElements = allowList{
	"p": nil, "em": nil, "strong": nil, "del": nil, "code": nil, "pre": nil, "blockquote": nil,
	"ul": nil, "li": nil, "br": nil, "hr": nil,
	"ol": {"start": regexp.MustCompile(`^[0-9]{1,2}$`)},
	"a":  {"href": webAddress, "rel": regexp.MustCompile(`^nofollow ugc noopener$`)},
}

var articleElements = allowList{
	"em": nil, "strong": nil, "del": nil, "code": nil, "li": nil, "br": nil, "hr": nil,
	"p": {"id": blockName}, "h2": {"id": blockName}, "h3": {"id": blockName}, "pre": {"id": blockName}, "ul": {"id": blockName},
	"ol":         {"id": blockName, "start": regexp.MustCompile(`^[0-9]{1,2}$`)},
	"blockquote": {"id": blockName, "class": regexp.MustCompile(`^pull$`)},
	"a":          {"href": ownAddress},
	"img":        {"src": ownAddress, "alt": anything, "loading": regexp.MustCompile(`^lazy$`)},
}

// audit reads rendered as a browser would and names the first thing that is
// not on the list, or that a browser would read otherwise than we wrote it.
func audit(rendered string, allowed allowList) error {
	context := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(rendered), context)
	if err != nil {
		return fmt.Errorf("does not parse: %w", err)
	}
	var again strings.Builder
	for _, n := range nodes {
		if err := auditNode(n, allowed); err != nil {
			return err
		}
		if err := html.Render(&again, n); err != nil {
			return err
		}
	}
	want := strings.NewReplacer("<br>", "<br/>", "<hr>", "<hr/>", ` loading="lazy">`, ` loading="lazy"/>`).Replace(rendered)
	if again.String() != want {
		return fmt.Errorf("a browser reads it as %q", again.String())
	}
	return nil
}

func auditNode(n *html.Node, allowed allowList) error {
	switch n.Type {
	case html.TextNode:
		if i := strings.IndexFunc(n.Data, unwanted); i >= 0 {
			return fmt.Errorf("text has %q", n.Data[i:i+1])
		}
	case html.ElementNode:
		attributes, ok := allowed[n.Data]
		if !ok || n.Namespace != "" {
			return fmt.Errorf("element %s %s", n.Namespace, n.Data)
		}
		for _, a := range n.Attr {
			if err := auditAttribute(n.Data, a, attributes[a.Key]); err != nil {
				return err
			}
		}
		if n.Data == "a" && allowed["a"]["rel"] != nil && len(n.Attr) != 2 {
			return fmt.Errorf("link without href or rel: %v", n.Attr)
		}
	default:
		return fmt.Errorf("node of type %d: %q", n.Type, n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if err := auditNode(c, allowed); err != nil {
			return err
		}
	}
	return nil
}

func auditAttribute(element string, a html.Attribute, pattern *regexp.Regexp) error {
	if pattern == nil || a.Namespace != "" || !pattern.MatchString(a.Val) {
		return fmt.Errorf("attribute %s %s=%q", element, a.Key, a.Val)
	}
	if a.Key != "href" && a.Key != "src" {
		return nil
	}
	u, err := url.Parse(a.Val)
	if err != nil {
		return fmt.Errorf("address %q: %w", a.Val, err)
	}
	switch {
	case u.Scheme == "http", u.Scheme == "https", u.Scheme == "mailto", u.Scheme == "" && u.Host == "":
	default:
		return fmt.Errorf("scheme or host of %q", a.Val)
	}
	return nil
}

// TestAuditIsStrict makes sure that the oracle can say no.
func TestAuditIsStrict(t *testing.T) {
	for _, bad := range []string{
		`<script>x</script>`, `<p onclick="x">y</p>`, `<p id="x">y</p>`, `<img src="http://a.example/">`, `<!-- x -->`, `<svg></svg>`,
		`<a href="javascript:x" rel="nofollow ugc noopener">y</a>`, `<a href="/x" rel="nofollow ugc noopener">y</a>`,
		`<a href="http://a.example/">y</a>`, `<a href="http://a.example/" rel="opener">y</a>`, `<a href="http://me@a.example/" rel="nofollow ugc noopener">y</a>`,
		`<ol start="1000">y</ol>`, `<p><p>y</p></p>`, `<em>x`, "<p>\u202e</p>", `<h2>x</h2>`, strings.Repeat("<em>", 600) + strings.Repeat("</em>", 600),
		`<a href="http://a.example/" rel="nofollow ugc noopener">x<a href="http://a.example/" rel="nofollow ugc noopener">y</a></a>`,
	} {
		if audit(bad, commentElements) == nil {
			t.Errorf("the oracle lets %q pass", bad)
		}
	}
	good := `<p>a<br><a href="mailto:a@b.example" rel="nofollow ugc noopener">b</a></p><ol start="0"><li>x</li></ol><hr>`
	if err := audit(good, commentElements); err != nil {
		t.Errorf("the oracle refuses %q: %v", good, err)
	}
}
