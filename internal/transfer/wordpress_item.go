package transfer

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"parley"
)

const (
	// maxHeld is how many bytes of one page's comments are held before they are written, so that replies
	// find their parents in whatever order they stand.
	maxHeld = 2 << 20
	// maxOrphans is how many bytes of replies without a parent wait for another file to bring it.
	maxOrphans = 4 << 20
	// maxAuthors is how many accounts of a site are kept to look addresses up; the rest go by their comments.
	maxAuthors = 100_000
	// maxKnownReaders is how many readers are remembered, so that the Writer need not be asked; then we
	// forget them all and ask again.
	maxKnownReaders = 100_000
)

// wordpress is one run.
type wordpress struct {
	ctx     context.Context
	options Options
	writer  Writer
	report  *Report
	meter   meter

	file    string // the one being read
	outline *outline
	source  string
	version string
	authors map[string]wxrAuthor // by their number

	page       *page // the item being read, once its comments are looked at
	readers    map[string]parley.ID
	unsettled  []*page          // with replies whose parent may stand in a file to come
	parts      map[string]*page // the same by source and number: a page that was split goes on
	orphanSize int
}

func newWordPress(ctx context.Context, options Options) *wordpress {
	if options.Zone == nil {
		options.Zone = time.UTC
	}
	if options.Types == nil {
		options.Types = []string{"post", "page"}
	}
	if options.Now == 0 {
		options.Now = parley.TimeOf(time.Now())
	}
	w := &wordpress{ctx: ctx, options: options, writer: options.Writer, report: newReport(options.Writer == nil),
		authors: map[string]wxrAuthor{}, readers: map[string]parley.ID{}, parts: map[string]*page{}}
	if w.writer == nil {
		w.writer = newDryWriter(options.Now)
	}
	return w
}

// item reads one item and its comments.
func (w *wordpress) item() error {
	w.page = nil
	it, err := w.outline.item(func(it *wxrItem, c wxrComment) error {
		it.comments = append(it.comments, c)
		if it.size += entrySize + len(c.content) + len(c.author) + len(c.email) + len(c.url); it.size < maxHeld {
			return nil
		}
		return w.settle(it)
	})
	if err != nil {
		return err
	}
	if err := w.settle(it); err != nil {
		return err
	}
	return w.close(it)
}

// settle writes the comments held for an item, if it is one that becomes a story.
func (w *wordpress) settle(it *wxrItem) error {
	if err := w.ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", errWriting, err)
	}
	if w.page == nil {
		w.page = w.judge(it)
	}
	comments := it.comments
	it.comments, it.size = nil, 0
	if w.page.why != "" {
		w.leaveOut(w.page.why, len(comments))
		return nil
	}
	for _, c := range comments {
		if e := w.entry(c, w.page); e != nil {
			w.page.threads.add(e)
		}
	}
	if err := w.page.threads.settle(); err != nil {
		return err
	}
	if w.page.threads.size < maxHeld {
		return nil
	}
	// A page that is nothing but replies to what is not there. Whatever it answers may still come, and the
	// Writer will know where it belongs.
	if err := w.page.threads.finish(); err != nil {
		return err
	}
	return w.page.threads.orphans()
}

// leaveOut counts the comments of an item that did not become a story.
func (w *wordpress) leaveOut(why Reason, comments int) {
	if comments > 0 {
		w.report.Skipped[under(why)] += comments
	}
}

// close ends an item.
func (w *wordpress) close(it *wxrItem) error {
	p := w.page
	if p.why != "" {
		w.report.Items[p.why]++
		return nil
	}
	if err := p.threads.finish(); err != nil {
		return err
	}
	if p.refused {
		for _, list := range p.threads.waiting {
			w.leaveOut(StoryRefused, len(list))
		}
		return nil
	}
	if len(p.threads.waiting) > 0 {
		return w.postpone(p)
	}
	if p.story != 0 {
		return nil
	}
	if p.record.Closed {
		w.report.Items[WithoutTalk]++
		return nil
	}
	return p.open(w)
}

// adopt puts replies whose parent is in none of the files read so far under placeholders.
func (w *wordpress) adopt() error {
	for _, p := range w.unsettled {
		if err := p.threads.orphans(); err != nil {
			return fmt.Errorf("import replies without a parent: %w", err)
		}
		for _, list := range p.threads.waiting { // only when the story is refused
			w.leaveOut(StoryRefused, len(list))
		}
	}
	w.unsettled, w.parts, w.orphanSize = nil, map[string]*page{}, 0
	return nil
}

// postpone keeps a page whose replies wait for a parent, until there are too many of them.
func (w *wordpress) postpone(p *page) error {
	if !p.waiting {
		p.waiting = true
		w.unsettled = append(w.unsettled, p)
		w.parts[p.source+" "+p.record.SourceID] = p
	}
	w.orphanSize += p.threads.size - p.counted
	p.counted = p.threads.size
	if w.orphanSize > maxOrphans {
		return w.adopt()
	}
	return nil
}

// judge decides whether an item becomes a story.
func (w *wordpress) judge(it *wxrItem) *page {
	p := &page{source: w.source, file: w.file, line: it.line}
	id, err := strconv.ParseUint(it.id, 10, 64)
	switch {
	case len(it.comments) > 0 && it.size >= maxHeld && (it.kind == "" || it.status == "" || it.link == "" || it.id == ""):
		p.why = TooTangled
	case !slices.Contains(w.options.Types, it.kind):
		p.why = OtherKind
	case it.status != "publish":
		p.why = NotPublished
	case it.password != "":
		p.why = Protected
	case it.link == "" || err != nil || id == 0:
		p.why = NoAddress
	}
	if p.why != "" {
		return p
	}
	address, upgraded, err := storyURL(w.options.Site, w.options.Rewrites, it.link)
	if err != nil {
		p.why = OtherHost
		w.report.warn(w.file, it.line, "%s is not on the site", cut(it.link, 200))
		return p
	}
	if earlier := w.parts[w.source+" "+strconv.FormatUint(id, 10)]; earlier != nil {
		return earlier
	}
	if upgraded {
		w.report.Mended[Upgraded]++
	}
	p.record = StoryRecord{
		Source: w.source, SourceID: strconv.FormatUint(id, 10), URL: address, Title: titleOf(it.title, address),
		Section: cut(plainText(it.section), maxSectionName), PublishedAt: w.published(it), Closed: it.commentStatus == "closed",
	}
	p.threads = newThreads(
		func(e *entry, parent parley.ID) (parley.ID, error) { return w.write(p, e, parent) },
		w.mend,
	)
	return p
}

// maxSectionName is the most characters of a section's name that the store takes.
const maxSectionName = 100

// titleOf gives a title, the path of the address where a page has none.
func titleOf(raw, address string) string {
	if title := plainText(raw); title != "" {
		return cut(title, parley.MaxTitle)
	}
	if u, err := url.Parse(address); err == nil && u.Path != "/" {
		return cut(u.Path, parley.MaxTitle)
	}
	return cut(address, parley.MaxTitle)
}

// published tells when an item appeared, 0 when it does not say so in a way we can read.
func (w *wordpress) published(it *wxrItem) parley.Time {
	at, ok := readStamp(it.dateGMT, time.UTC)
	if !ok {
		at, ok = readStamp(it.date, w.options.Zone)
	}
	if !ok {
		if t, err := time.Parse(time.RFC1123Z, it.pubDate); err == nil {
			at = parley.TimeOf(t)
		}
	}
	return min(max(at, 0), w.options.Now)
}
