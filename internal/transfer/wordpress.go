package transfer

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"parley"
)

// Options say how to import.
type Options struct {
	Site     parley.Site             // its Origins say which addresses can be stories
	Writer   Writer                  // nil = dry run
	Zone     *time.Location          // of dates that do not say theirs; nil = UTC
	Rewrites []Rewrite               // for links of a site that has moved
	Types    []string                // of WordPress items that are stories; nil = post, page
	Now      parley.Time             // 0 = now; no comment is dated later
	Progress func(read, total int64) // in bytes; nil = silence
}

// WordPress reads WordPress exports (WXR 1.0 to 1.2) in the order given; an export that WordPress split goes
// in as one call, for replies may stand in another file than what they answer.
//
// A story is made of each published item of the right type whose address is on the site and which carries
// readers' comments or is open for them. Drafts, attachments, menus, pages behind a password and closed pages
// without comments are counted and left out, so are pingbacks, trackbacks, spam and the trash. Comments that
// wait for approval are held.
//
// The report is there also when err is not nil, and tells how far it came; whatever had been written by
// then stays, and running again goes on from there.
func WordPress(ctx context.Context, files []File, options Options) (*Report, error) {
	if err := CheckRewrites(options.Site, options.Rewrites); err != nil {
		return newReport(options.Writer == nil), err
	}
	w := newWordPress(ctx, options)
	w.meter.tell = options.Progress
	for _, file := range files {
		w.meter.total += file.Size
	}
	for _, file := range files {
		if err := w.read(file); err != nil {
			return w.report, err
		}
	}
	if err := w.adopt(); err != nil {
		return w.report, err
	}
	return w.report, nil
}

// read reads one file.
func (w *wordpress) read(file File) error {
	in, err := file.Open()
	if err != nil {
		return fmt.Errorf("open the export: %w", err)
	}
	defer in.Close()
	w.file, w.source, w.version = file.Name, "", ""
	clear(w.authors)
	w.meter.Reader = in
	w.outline, err = newOutline(&w.meter)
	if err == nil {
		err = w.channel()
	}
	w.report.Bytes = w.meter.read
	if err != nil {
		return w.broken(err)
	}
	w.report.Files++
	return nil
}

// broken says in a sentence why a file could not be read to its end.
func (w *wordpress) broken(err error) error {
	line := 1
	if w.outline != nil {
		line = w.outline.line()
	}
	_, isSyntax := errors.AsType[*xml.SyntaxError](err)
	switch {
	case errors.Is(err, errWriting):
		return fmt.Errorf("import %s, near line %d (what was written stays; running again goes on from there): %w", w.file, line, err)
	case err == io.EOF:
		return fmt.Errorf("%s is empty or not a WordPress export", w.file)
	case truncated(err):
		return fmt.Errorf("%s ends in the middle, in line %d. %s Get the whole file and run the same command again: it goes on where this one ended, and nothing is added twice",
			w.file, line, w.soFar())
	case isSyntax:
		return fmt.Errorf("%s is damaged in line %d (%w). %s", w.file, line, err, w.soFar())
	}
	return fmt.Errorf("%s cannot be read beyond line %d: %w. %s", w.file, line, err, w.soFar())
}

func (w *wordpress) soFar() string {
	verb := "are in"
	if w.report.Dry {
		verb = "were read"
	}
	r := w.report
	return fmt.Sprintf("%d stories and %d comments up to there %s.", r.Stories.New+r.Stories.Known, r.Comments.New+r.Comments.Known, verb)
}

// channel reads the file from its first element.
func (w *wordpress) channel() error {
	notOurs := errors.New("it is not a WordPress export (WXR 1.0 to 1.2)")
	name, err := w.outline.root()
	if err != nil {
		return err
	}
	if name != "rss" {
		return notOurs
	}
	err = w.outline.children(func(name string, _ xml.StartElement) error {
		if name != "channel" {
			return w.outline.skip()
		}
		return w.outline.children(w.element)
	})
	if err == nil && w.version == "" {
		return notOurs
	}
	return err
}

// element reads one child of the channel.
func (w *wordpress) element(name string, _ xml.StartElement) (err error) {
	switch name {
	case "wp:wxr_version":
		if w.version, err = w.outline.text(maxField); err == nil && !strings.HasPrefix(w.version, "1.") {
			return fmt.Errorf("it is of version %.20q of the format, and we know 1.0 to 1.2", w.version)
		}
		return err
	case "link", "wp:base_site_url", "wp:base_blog_url":
		address, err := w.outline.text(maxField)
		if source := sourceOf(address); source != "" && (name != "wp:base_site_url" || w.source == "") {
			w.source = source
		}
		return err
	case "wp:author":
		a, err := w.outline.author()
		if err == nil && len(w.authors) < maxAuthors && a.id != "" {
			w.authors[a.id] = a
		}
		return err
	case "item":
		if w.version == "" || w.source == "" {
			return errors.New("it does not say, before its first page, which version of the format it is in and which site it comes from")
		}
		return w.item()
	}
	return w.outline.skip()
}

// sourceOf names the site that an export comes from. The path belongs to it: several WordPress sites can
// share a host, each counting its comments from one.
func sourceOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return ""
	}
	return cut("wordpress:"+strings.ToLower(u.Hostname())+strings.TrimRight(u.EscapedPath(), "/"), 200)
}
