package main

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"parley/bench/drive"
	"parley/bench/peer"
	"parley/bench/words"
)

const (
	// known is how many of the newest threads writers answer: those on the first page.
	known = 25
	// opens is one comment in so many that opens a thread; the others answer one. So the first page keeps its
	// fifty comments and more however long is written: its oldest thread has been answered four times, of which
	// three are shown, its newest not yet.
	opens = 5
)

// talker makes up comments for one story, as readers write them: some open threads, most answer one of the
// newest. It is safe for concurrent use.
type talker struct {
	peer    peer.Peer
	host    string
	story   int
	mark    string // makes the keys of this talker its own
	readers int

	mu    sync.Mutex
	words *words.Chain
	dice  *rand.Rand
	n     int
	roots []string // the newest threads, as far as they are this talker's
}

var talkers int

// newTalker gives a talker for a story of the server that runs.
func (b *bench) newTalker(story int) *talker {
	talkers++
	return &talker{
		peer: b.peer, host: drive.Host(b.server.Base), story: story, mark: fmt.Sprintf("%s-%d-", b.run, talkers), readers: b.shape.Readers,
		words: b.words, dice: rand.New(rand.NewPCG(uint64(talkers), uint64(story))),
	}
}

// shot gives a comment of a reader.
func (t *talker) shot(reader, kind int) drive.Shot {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
	answers := ""
	if len(t.roots) > 0 && t.dice.IntN(opens) > 0 {
		answers = t.roots[t.dice.IntN(len(t.roots))]
	}
	text := t.words.Text(t.dice, 100+t.dice.IntN(320))
	r := t.peer.Write(reader%t.readers, t.story, answers, text, fmt.Sprint(t.mark, t.n))
	s := drive.Shot{Raw: r.Raw(t.host), Kind: kind}
	if answers == "" {
		s.Hear = t.opened
	}
	return s
}

func (t *talker) opened(a drive.Answer) {
	id := t.peer.Written(a.Body)
	if id == "" {
		return // refused: it is counted as an error where that is done
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.roots = append(t.roots[max(0, len(t.roots)-known+1):], id)
}

// talk gives the source of one story's comments, by all readers in turn.
func (t *talker) talk(connection, n int) drive.Shot { return t.shot(connection+n, 0) }
