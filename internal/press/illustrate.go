package press

import (
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// illustrate gives each picture of the folder that the text shows its address and size, so that the text
// below it does not move when it arrives. Pictures from elsewhere stay as they are.
func (p *Publication) illustrate(a *Article) error {
	if !strings.Contains(a.HTML, "<img") {
		return nil
	}
	var out strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(a.HTML))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			a.HTML = out.String()
			return nil
		}
		raw := string(tokens.Raw())
		token := tokens.Token()
		src := attribute(token, "src")
		if token.DataAtom != atom.Img || src == nil || !inFolder(src.Val) {
			out.WriteString(raw)
			continue
		}
		name, err := url.PathUnescape(src.Val)
		if err != nil {
			name = src.Val
		}
		picture, err := pictureIn(p.dir, name)
		if err != nil {
			return err
		}
		src.Val = picture.Path()
		token.Attr = append(token.Attr,
			html.Attribute{Key: "width", Val: strconv.Itoa(picture.Width)},
			html.Attribute{Key: "height", Val: strconv.Itoa(picture.Height)})
		out.WriteString(token.String())
		a.pictures = append(a.pictures, picture)
	}
}

// inFolder tells whether an address names a file beside the article.
func inFolder(src string) bool {
	u, err := url.Parse(src)
	return err == nil && u.Scheme == "" && u.Host == "" && !strings.HasPrefix(src, "/")
}

func attribute(token html.Token, key string) *html.Attribute {
	for i := range token.Attr {
		if token.Attr[i].Key == key {
			return &token.Attr[i]
		}
	}
	return nil
}
