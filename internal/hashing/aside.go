package hashing

import (
	"encoding/gob"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"sync"
	"time"
)

// bored is how long a process waits for the next hash before it is ended: sign-ins come in bursts, and in between it
// would only hold memory.
const bored = time.Minute

// Aside are processes that compute hashes: as many as hashes are asked for at once, begun when they are needed, ended
// when they are not, and with the process that asks. A nil Aside computes in this process. It is safe for concurrent use.
type Aside struct {
	program string
	args    []string
	log     *slog.Logger

	mu   sync.Mutex
	idle []*process
}

// NewAside gives what computes hashes by a program, this one as a rule, that calls Serve on its standard input and
// output when it gets these arguments. It is called by the name that this one was called by.
func NewAside(log *slog.Logger, program string, args ...string) *Aside {
	return &Aside{program: program, args: args, log: log}
}

// Key computes a hash, in this process where no other can be had: a reader's way in must not depend on it.
func (a *Aside) Key(password, salt []byte, p Params) []byte {
	if a == nil {
		return p.Key(password, salt)
	}
	key, err := a.ask(question{password, salt, p})
	if err != nil {
		a.log.Warn("a password is checked in the server's own process", "error", err)
		return p.Key(password, salt)
	}
	return key
}

func (a *Aside) ask(q question) ([]byte, error) {
	p, err := a.take()
	if err != nil {
		return nil, err
	}
	key, err := p.ask(q)
	if err != nil {
		p.end()
		return nil, err
	}
	a.giveBack(p)
	return key, nil
}

// take gives a process that nobody else uses.
func (a *Aside) take() (*process, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if n := len(a.idle); n > 0 {
		p := a.idle[n-1]
		a.idle = a.idle[:n-1]
		p.leave.Stop()
		return p, nil
	}
	return start(a.program, a.args)
}

func (a *Aside) giveBack(p *process) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.idle = append(a.idle, p)
	p.leave = time.AfterFunc(bored, func() { a.dismiss(p) })
}

// dismiss ends a process unless it was taken meanwhile.
func (a *Aside) dismiss(p *process) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if i := slices.Index(a.idle, p); i >= 0 {
		a.idle = slices.Delete(a.idle, i, i+1)
		p.end()
	}
}

// process is one that computes. It ends when nobody can ask it any more.
type process struct {
	in    io.WriteCloser
	asks  *gob.Encoder
	hears *gob.Decoder
	leave *time.Timer
}

func start(program string, args []string) (*process, error) {
	command := exec.Command(program, args...)
	command.Args[0] = os.Args[0]
	command.Env = []string{} // neither settings nor secrets
	apart(command)
	in, err := command.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("begin to hash aside: %w", err)
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("begin to hash aside: %w", err)
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("begin to hash aside: %w", err)
	}
	go func() { _ = command.Wait() }() // whatever it says in the end: what it was asked tells
	return &process{in: in, asks: gob.NewEncoder(in), hears: gob.NewDecoder(out)}, nil
}

func (p *process) ask(q question) (key []byte, err error) {
	if err = p.asks.Encode(q); err == nil {
		err = p.hears.Decode(&key)
	}
	if err != nil {
		return nil, fmt.Errorf("hash aside: %w", err)
	}
	if len(key) != int(q.Params.Length) {
		return nil, fmt.Errorf("hash aside: %d bytes came back", len(key))
	}
	return key, nil
}

func (p *process) end() { _ = p.in.Close() }
