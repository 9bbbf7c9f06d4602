package transfer

import (
	"encoding/xml"
	"errors"
	"strings"

	"parley"
)

// The most bytes of the fields of an export; what is longer counts as missing. WordPress itself keeps names
// and addresses in columns of 100 to 255 characters.
const (
	maxField   = 4 << 10
	maxContent = parley.MaxImportedBody // of HTML, which is no shorter than the Markdown it becomes
)

// wxrComment is one wp:comment as it stands in the file.
type wxrComment struct {
	line                    int
	id, parent, user        string
	author, email, url      string
	date, dateGMT           string
	approved, kind, content string
	contentOverlong         bool
}

// wxrItem is one item of the channel. All but the comments stands before them in what WordPress writes.
type wxrItem struct {
	line                                int
	id, kind, status, password          string
	title, link, section, commentStatus string
	date, dateGMT, pubDate              string
	comments                            []wxrComment
	size                                int // bytes of comments held, about
}

// wxrAuthor is one account of the site. The name it signs in with is nobody's business here.
type wxrAuthor struct{ id, email, name string }

// fields reads the children of the element just opened into the strings named; a field that is too long
// stays empty. Children without a place go to other, which may be nil.
func (o *outline) fields(places map[string]*string, other func(name string, child xml.StartElement) error) error {
	return o.children(func(name string, child xml.StartElement) error {
		place := places[name]
		if place == nil && other != nil {
			return other(name, child)
		}
		if place == nil {
			return o.skip()
		}
		text, err := o.text(maxField)
		if errors.Is(err, errOverlong) {
			err = nil
		}
		*place = text
		return err
	})
}

// author reads the wp:author just opened.
func (o *outline) author() (a wxrAuthor, err error) {
	err = o.fields(map[string]*string{
		"wp:author_id": &a.id, "wp:author_email": &a.email, "wp:author_display_name": &a.name,
	}, nil)
	return a, err
}

// comment reads the wp:comment just opened.
func (o *outline) comment() (wxrComment, error) {
	c := wxrComment{line: o.line()}
	err := o.fields(map[string]*string{
		"wp:comment_id": &c.id, "wp:comment_parent": &c.parent, "wp:comment_user_id": &c.user,
		"wp:comment_author": &c.author, "wp:comment_author_email": &c.email, "wp:comment_author_url": &c.url,
		"wp:comment_date": &c.date, "wp:comment_date_gmt": &c.dateGMT,
		"wp:comment_approved": &c.approved, "wp:comment_type": &c.kind,
	}, func(name string, _ xml.StartElement) (err error) {
		if name != "wp:comment_content" {
			return o.skip()
		}
		c.content, err = o.text(maxContent)
		if errors.Is(err, errOverlong) {
			c.contentOverlong, err = true, nil
		}
		return err
	})
	return c, err
}

// item reads the item just opened and hands each comment on as soon as it is read.
func (o *outline) item(hold func(*wxrItem, wxrComment) error) (*wxrItem, error) {
	it := &wxrItem{line: o.line()}
	err := o.fields(map[string]*string{
		"title": &it.title, "link": &it.link, "pubDate": &it.pubDate,
		"wp:post_id": &it.id, "wp:post_type": &it.kind, "wp:status": &it.status, "wp:post_password": &it.password,
		"wp:comment_status": &it.commentStatus, "wp:post_date": &it.date, "wp:post_date_gmt": &it.dateGMT,
	}, func(name string, child xml.StartElement) error {
		switch {
		case name == "wp:comment":
			c, err := o.comment()
			if err != nil {
				return err
			}
			return hold(it, c)
		case name == "category" && it.section == "" && isSection(child):
			section, err := o.text(maxField)
			if errors.Is(err, errOverlong) {
				err = nil
			}
			it.section = section
			return err
		}
		return o.skip()
	})
	return it, err
}

// isSection tells whether a category element names a section of the site, and not a tag, nor the section
// into which WordPress puts whatever has none.
func isSection(element xml.StartElement) bool {
	domain, name := "", ""
	for _, a := range element.Attr {
		switch a.Name.Local {
		case "domain":
			domain = a.Value
		case "nicename":
			name = a.Value
		}
	}
	return domain == "category" && name != "uncategorized"
}

// nameOf gives an element's name with the prefix that WordPress itself uses: "wp:post_id" in every version
// of the format, whose namespaces end in 1.0, 1.1 and 1.2 and changed from http to https on the way.
func nameOf(name xml.Name) string {
	switch {
	case name.Space == "":
		return name.Local
	case name.Space == "wp", strings.Contains(name.Space, "//wordpress.org/export/1.") && !strings.Contains(name.Space, "excerpt"):
		return "wp:" + name.Local
	}
	return "other:" + name.Local
}
