package peer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"parley"
	"parley/bench/bare"
	"parley/bench/drive"
	"parley/bench/machine"
	"parley/bench/words"
)

// Parley is this forum.
type Parley struct {
	Program string // the binary
	Build   string // what it was built from
	Words   *words.Chain

	Database string // a PostgreSQL address; "" = SQLite in the data folder
	NATS     string // a NATS address; "" = none

	stories []parley.ID
	comment []parley.ID // of story 0, newest first
	readers []parley.ID
	authors []parley.ID // who have no password
	cookies []string
}

// newsroom is the origin whose pages the conversations stand under.
const newsroom = "http://news.localhost"

const password = "counted in microseconds"

func email(reader int) string { return fmt.Sprintf("reader%d@example.com", reader) }

func page(story int) string { return fmt.Sprintf("%s/stories/%d", newsroom, story) }

// Name tells the build.
func (p *Parley) Name() string { return strings.TrimSpace("Parley " + p.Build) }

// Start serves a folder without limits; counters are on, as they always are.
func (p *Parley) Start(ctx context.Context, at Place) (*machine.Process, error) {
	args := []string{"serve", "--data", at.Dir, "--addr", "127.0.0.1:0", "--origins", newsroom, "--limits", "off", "--log-level", "error"}
	if p.Database != "" {
		args = append(args, "--database", p.Database)
	}
	if p.NATS != "" {
		args = append(args, "--nats", p.NATS)
	}
	running, err := machine.Start(ctx, machine.Command{Path: p.Program, Args: append(args, at.Also...), Core: at.Core, Under: at.Under})
	if err != nil {
		return nil, err
	}
	if _, err := drive.Must(ctx, running.Base, drive.Request{Path: "/healthz"}); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, running.Said())
	}
	return running, nil
}

// First asks for the fragment by the address of the story's page, as the element on a foreign page does.
func (p *Parley) First(story int) drive.Request {
	return drive.Request{Path: "/fragment?story=" + url.QueryEscape(page(story))}
}

// Next asks for the threads after those of a fragment.
func (p *Parley) Next(story int, header http.Header) (drive.Request, bool) {
	cursor := header.Get("Parley-Next")
	return drive.Request{Path: fmt.Sprintf("/s/%s/comments?cursor=%s", p.stories[story], url.QueryEscape(cursor))}, cursor != ""
}

// Own asks for the reader's marks in a story.
func (p *Parley) Own(reader, story int) drive.Request {
	return p.as(reader, drive.Request{Path: "/api/v1/me?story=" + p.stories[story].String()})
}

func (p *Parley) as(reader int, r drive.Request) drive.Request {
	return r.With("Cookie", p.cookies[reader%len(p.cookies)])
}

// Write posts to the JSON API, as the element does.
func (p *Parley) Write(reader, story int, answers, text, key string) drive.Request {
	body := map[string]string{"body": text}
	if answers != "" {
		body["parent"] = answers
	}
	r := sending(http.MethodPost, fmt.Sprintf("/api/v1/stories/%s/comments", p.stories[story]), body)
	return p.as(reader, r).With("Idempotency-Key", key)
}

func sending(method, path string, body any) drive.Request {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // it is a map of strings
	}
	return drive.Request{Method: method, Path: path, Body: string(text)}.With("Content-Type", "application/json")
}

// Written finds comment.id.
func (p *Parley) Written(answer []byte) string {
	var got struct{ Comment struct{ ID string } }
	_ = json.Unmarshal(answer, &got) // no id says it all
	return got.Comment.ID
}

// After asks for a fragment that is as new as the comment.
func (p *Parley) After(story int, answer []byte) drive.Request {
	var got struct{ Revision int64 }
	_ = json.Unmarshal(answer, &got) // revision 0 asks for any
	r := p.First(story)
	r.Path += "&rev=" + strconv.FormatInt(got.Revision, 10)
	return r
}

// Stream opens the events of a story.
func (p *Parley) Stream(story int) drive.Request {
	return drive.Request{Path: fmt.Sprintf("/api/v1/stories/%s/events", p.stories[story])}
}

// Heard finds the id in the data of a message about a new comment.
func (p *Parley) Heard(line []byte) string {
	data, is := bytes.CutPrefix(line, []byte(`data: {"id":"`))
	id, rest, whole := bytes.Cut(data, []byte(`"`))
	if !is || !whole || !bytes.Contains(rest, []byte(`"author"`)) {
		return ""
	}
	return string(id)
}

// SignIn posts a password.
func (p *Parley) SignIn(reader int) drive.Request {
	return sending(http.MethodPost, "/api/v1/session", map[string]string{"email": email(reader), "password": password})
}

// Row is that of any comment.
func (p *Parley) Row(dir string) bare.Table {
	return bare.Table{File: filepath.Join(dir, "parley.db"), Name: "comments", Where: "state = 'published'", IDs: []string{"id"}, Text: "body", Dir: dir}
}

// Enter signs the readers in and sets marks by the API, as readers do.
func (p *Parley) Enter(ctx context.Context, base string, m Marks) error {
	p.cookies = nil
	for i := range p.readers {
		answer, err := drive.Must(ctx, base, p.SignIn(i))
		if err != nil {
			return err
		}
		cookie, _, _ := strings.Cut(answer.Header.Get("Set-Cookie"), ";")
		p.cookies = append(p.cookies, cookie)
	}
	for i := range min(m.Readers, len(p.readers)) {
		if err := p.mark(ctx, base, i, m); err != nil {
			return err
		}
	}
	for i := range min(m.Readers, len(p.readers)) {
		if err := p.awaitNotices(ctx, base, i, m.Notices); err != nil {
			return err
		}
	}
	return nil
}

func (p *Parley) mark(ctx context.Context, base string, reader int, m Marks) error {
	var all []drive.Request
	put := func(format string, args ...any) {
		all = append(all, p.as(reader, sending(http.MethodPut, "/api/v1"+fmt.Sprintf(format, args...), map[string]string{})))
	}
	for i := range m.Recommended {
		put("/comments/%s/recommendation", p.comment[(reader+i)%min(50, len(p.comment))])
	}
	for i := range m.Followed {
		put("/readers/%s/follow", p.authors[(reader+i)%len(p.authors)])
	}
	for i := range m.Muted {
		put("/readers/%s/mute", p.authors[(reader+m.Followed+i)%len(p.authors)])
	}
	for _, r := range all {
		if _, err := drive.Must(ctx, base, r); err != nil {
			return err
		}
	}
	// Notices come from replies, in the story that is there for them.
	last := len(p.stories) - 1
	answer, err := drive.Must(ctx, base, p.Write(reader, last, "", "What do you make of this? "+strconv.Itoa(reader), fmt.Sprint("ask ", reader)))
	for i := range m.Notices {
		if err == nil {
			other := (reader + 1 + i) % len(p.readers)
			_, err = drive.Must(ctx, base, p.Write(other, last, p.Written(answer.Body), "Not much. "+strconv.Itoa(reader), fmt.Sprint("tell ", reader, " ", i)))
		}
	}
	return err
}
