// Package peer says what the workloads ask of a forum, and holds the adapters of those that were really run.
// An adapter knows how a forum is filled and started and what its requests look like; it measures nothing.
package peer

import (
	"context"
	"net/http"

	"parley/bench/bare"
	"parley/bench/drive"
	"parley/bench/machine"
)

// Shape says how much talk a forum is filled with. Stories are numbered from 0: the hot ones, then the cold
// ones.
type Shape struct {
	Hot          int // stories with so many comments:
	HotComments  int
	Cold         int // stories with so many comments:
	ColdComments int
	Background   int // further comments, in stories of ColdComments that nobody asks for
	Readers      int // accounts with a password, numbered from 0
}

// Comments gives how many comments that is.
func (s Shape) Comments() int { return s.Hot*s.HotComments + s.Cold*s.ColdComments + s.Background }

// Marks are what Enter sets for each of the first readers, as far as the forum knows such things.
type Marks struct {
	Readers     int // how many readers get them
	Recommended int // comments of story 0
	Followed    int // other readers
	Muted       int // other readers
	Notices     int // unseen
}

// Place is where a peer runs.
type Place struct {
	Dir   string   // its data folder, which Fill has filled
	Core  int      // the core to itself; -1 = any
	Under []string // a command to run it under; nil = none
	Also  []string // further arguments for its command line
}

// Peer is a forum that is measured. Requests name no host and hold until the forum's data folder is filled anew.
type Peer interface {
	// Name tells which forum in which version it is.
	Name() string
	// Fill fills an empty data folder; told hears how far it is. Comments have 300 bytes in the mean; about two
	// thirds are replies, so that 25 threads show 50 comments or more.
	Fill(ctx context.Context, dir string, s Shape, told func(done, total int)) error
	// Start starts the forum as its operators do, durable and without rate limits. It fails unless the forum is
	// ready to answer.
	Start(ctx context.Context, p Place) (*machine.Process, error)
	// Enter signs the readers in and sets marks, once for a filled folder.
	Enter(ctx context.Context, base string, m Marks) error

	// First asks for the first page of a story, as the forum's element does for somebody who is not signed in.
	First(story int) drive.Request
	// Next asks for the page after the one that was answered with a header; ok is false when there is none.
	Next(story int, header http.Header) (r drive.Request, ok bool)
	// Own asks for what a signed-in reader sees besides.
	Own(reader, story int) drive.Request
	// Write publishes a comment of a reader; answers is the id of the comment it answers, "" for none. key is
	// another for every comment.
	Write(reader, story int, answers, text, key string) drive.Request
	// Written gives the id in the answer to Write.
	Written(answer []byte) string
	// After asks for the first page of a story with the comment that an answer to Write tells of.
	After(story int, answer []byte) drive.Request
	// Stream watches a story for new comments; Heard gives the id of the comment that a line of it tells of, ""
	// for any other line.
	Stream(story int) drive.Request
	Heard(line []byte) string
	// SignIn signs a reader in by password.
	SignIn(reader int) drive.Request

	// Row says which row a comment is in the database, for a bare program to commit the same.
	Row(dir string) bare.Table
}
