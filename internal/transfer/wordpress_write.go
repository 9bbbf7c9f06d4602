package transfer

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"parley"
)

// page is an item on its way to become a story.
type page struct {
	why     Reason // it does not become one; "" = it does
	record  StoryRecord
	story   parley.ID // once it is made, which waits for the first comment
	refused bool
	threads *threads
	waiting bool // in wordpress.unsettled
	counted int  // bytes of it in wordpress.orphanSize
	source  string
	file    string
	line    int
}

// errWriting marks errors of the Writer and of cancelling, as against those of the file.
var errWriting = errors.New("writing failed")

// open makes the story of a page, once.
func (p *page) open(w *wordpress) error {
	if p.story != 0 || p.refused {
		return nil
	}
	id, created, err := w.writer.Story(w.ctx, p.record)
	if refusal := refused(err); refusal != nil {
		p.refused = true
		w.report.Items[StoryRefused]++
		w.report.warn(p.file, p.line, "%s was refused: %s", p.record.URL, refusal.Sentence)
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w: story %s: %w", errWriting, p.record.URL, err)
	}
	p.story = id
	w.report.Stories.add(created)
	return nil
}

// reader gives the account of whoever wrote.
func (w *wordpress) reader(p *page, who person, at parley.Time) (parley.ID, error) {
	key := p.source + " " + who.id
	if id := w.readers[key]; id != 0 {
		return id, nil
	}
	record := ReaderRecord{Source: p.source, SourceID: who.id, Name: who.name, Email: who.email, Since: at}
	id, created, err := w.writer.Reader(w.ctx, record)
	if err != nil {
		return 0, err
	}
	if len(w.readers) >= maxKnownReaders {
		clear(w.readers)
	}
	w.readers[key] = id
	if who != nobody {
		w.report.Readers.add(created)
	}
	return id, nil
}

// write writes one comment or placeholder.
func (w *wordpress) write(p *page, e *entry, parent parley.ID) (parley.ID, error) {
	if err := p.open(w); err != nil {
		return 0, err
	}
	if p.refused {
		if e.state != parley.Removed {
			w.leaveOut(StoryRefused, 1)
		}
		return 0, errLeftOut
	}
	at := e.at
	if parent != 0 && at <= parent.Time() {
		if at.Add(time.Second) < parent.Time() {
			w.report.Mended[ReplyTooEarly]++
		}
		at = parent.Time() + 1
	}
	record := CommentRecord{Source: p.source, SourceID: strconv.FormatUint(e.id, 10), Story: p.story, Parent: parent, State: e.state, Body: e.body, At: at}
	var created bool
	id, err := w.reader(p, e.who, at)
	if err == nil {
		record.Author = id
		id, created, err = w.writer.Comment(w.ctx, record)
	}
	if parley.CodeOf(err) == parley.CodeParentElsewhere {
		if record.Placeholder() {
			return 0, errElsewhere
		}
		w.report.Skipped[Elsewhere]++
		return 0, errLeftOut
	}
	if refusal := refused(err); refusal != nil && !record.Placeholder() {
		w.report.Skipped[CommentRefused]++
		w.report.warn(e.file, e.line, "comment %d was refused: %s", e.id, refusal.Sentence)
		return 0, errLeftOut
	}
	if err != nil {
		return 0, fmt.Errorf("%w: comment %d: %w", errWriting, e.id, err)
	}
	w.count(record, created)
	return id, nil
}

func (w *wordpress) count(record CommentRecord, created bool) {
	if record.Placeholder() {
		w.report.Placeholders.add(created)
		return
	}
	w.report.Comments.add(created)
	if record.Parent == 0 {
		w.report.Threads++
	}
	if record.State == parley.Held {
		w.report.Held++
	}
}

// mend counts what the threads had to change.
func (w *wordpress) mend(why Reason, e *entry) {
	if why == Repeated {
		w.report.Skipped[Repeated]++
		return
	}
	w.report.Mended[why]++
	w.report.warn(e.file, e.line, "comment %d is among the %s", e.id, why)
}

// refused gives the refusal of one record that leaves the rest of the import unharmed, or nil.
func refused(err error) *parley.Error {
	if refusal, ok := errors.AsType[*parley.Error](err); ok && refusal.Code.Kind() == parley.KindInvalid {
		return refusal
	}
	return nil
}
