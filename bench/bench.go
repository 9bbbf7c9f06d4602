package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"parley/bench/bare"
	"parley/bench/drive"
	"parley/bench/figures"
	"parley/bench/machine"
	"parley/bench/peer"
	"parley/bench/words"
)

// bench is one measurement of one peer.
type bench struct {
	form
	peer   peer.Peer
	dir    string
	server *machine.Process
	core   int // the server's
	also   []string
	cache  string // where large databases are kept between runs
	wrk    string // "" = the driver of our own
	self   string // this program, which is the bare ones too
	run    string // makes the keys of this run its own
	words  *words.Chain
	step   func(what string)

	database, nats string // of several nodes

	results []*figures.Result
	notes   []string
}

// name of the driver for reading, for the report.
func (b *bench) reader() string {
	if b.wrk != "" {
		return "wrk"
	}
	return own
}

// own is what the driver in bench/drive is called.
const own = "own"

// side is one side of a pair: what runs when its turn has come.
type side func(ctx context.Context) (figures.Run, error)

// pair prepares the i-th pair and gives its sides, and what ends them.
type pair func(ctx context.Context, i int) (peer, limit side, end func() error, err error)

// measure runs the pairs of a result, whose sides take turns in going first, and keeps it.
func (b *bench) measure(ctx context.Context, r *figures.Result, prepare pair) error {
	for i := range b.pairs {
		b.step(fmt.Sprintf("%s %d/%d", r.Workload, i+1, b.pairs))
		one, err := b.one(ctx, i, prepare)
		if err != nil {
			return fmt.Errorf("%s: %w", r.Workload, err)
		}
		r.Pairs = append(r.Pairs, one)
	}
	if slices.Contains([]string{"read", "read-busy", "own", "write", "write-one", "mixed"}, r.Workload) {
		r.Goal.RSS = b.memory
	}
	r.Summarise()
	b.results = append(b.results, r)
	return nil
}

func (b *bench) one(ctx context.Context, i int, prepare pair) (p figures.Pair, err error) {
	peer, limit, end, err := prepare(ctx, i)
	if err != nil {
		return p, err
	}
	defer func() {
		if ended := end(); err == nil {
			err = ended
		}
	}()
	turns := []func() error{
		func() (err error) { p.Limit, err = limit(ctx); return err },
		func() (err error) { p.Peer, err = peer(ctx); return err },
	}
	for _, turn := range []int{i % 2, 1 - i%2} {
		if err := turns[turn](); err != nil {
			return p, err
		}
		if err := ctx.Err(); err != nil {
			return p, err
		}
	}
	return p, nil
}

// metered adds to a run what a process used meanwhile.
func (b *bench) metered(pid int, run side) side {
	return func(ctx context.Context) (figures.Run, error) {
		meter, err := machine.NewMeter(pid, b.core)
		if err != nil {
			return figures.Run{}, err
		}
		r, err := run(ctx)
		if err != nil {
			return r, err
		}
		return r, meter.Stop(&r)
	}
}

// warmUp is how many requests go before every run of reading: connections are made, pools are filled.
const warmUp = 200

// reading gives the side that reads from a server.
func (b *bench) reading(p *machine.Process, connections int, requests ...drive.Request) side {
	load := drive.Reads{Base: p.Base, Connections: connections, For: b.form.reading, Requests: requests}
	run := b.metered(p.PID, func(ctx context.Context) (figures.Run, error) { return load.Run(ctx, b.wrk) })
	return func(ctx context.Context) (figures.Run, error) {
		warm := drive.Closed{Base: p.Base, Connections: connections, Each: warmUp/connections + 1, Source: drive.InTurn(p.Base, requests...)}.Run(ctx)[0]
		if warm.Requests == 0 {
			return warm, fmt.Errorf("%s answers nothing", p.Base)
		}
		r, err := run(ctx)
		// wrk takes a redirection for an answer like any other; the same requests before and after show that there
		// was none.
		after := drive.Closed{Base: p.Base, Connections: 1, Each: len(requests), Source: drive.InTurn(p.Base, requests...)}.Run(ctx)[0]
		r.Errors += warm.Errors + after.Errors
		return r, err
	}
}

// limit starts a bare server that sends what a server answers to a request now, and gives how many bytes its
// body has.
func (b *bench) limit(ctx context.Context, server *machine.Process, r drive.Request) (*machine.Process, int, error) {
	answer, err := drive.Must(ctx, server.Base, r)
	if err != nil {
		return nil, 0, err
	}
	sent, err := json.Marshal(bare.Of(answer.Header, answer.Body))
	if err != nil {
		return nil, 0, err
	}
	p, err := b.startBare(ctx, "bare-http", sent)
	return p, len(answer.Body), err
}

func (b *bench) startBare(ctx context.Context, name string, input []byte) (*machine.Process, error) {
	return machine.Start(ctx, machine.Command{Path: b.self, Args: []string{name}, Core: b.core, Input: bytes.NewReader(input)})
}

// start starts the peer on its folder.
func (b *bench) start(ctx context.Context, under ...string) (err error) {
	b.server, err = b.peer.Start(ctx, peer.Place{Dir: b.dir, Core: b.core, Under: under, Also: b.also})
	return err
}

// stop ends the peer and says when it did not end well.
func (b *bench) stop() error {
	if b.server == nil {
		return nil
	}
	err := b.server.Stop()
	b.server = nil
	return err
}

// fsyncs measures the disk by itself.
func (b *bench) fsyncs(ctx context.Context) (float64, error) {
	const seconds = 0.5
	d, err := machine.Converse(ctx, machine.Command{Path: b.self, Args: []string{"bare-fsync"}, Core: b.core})
	if err != nil {
		return 0, err
	}
	var run figures.Run
	if err := d.Ask(bare.Where{Dir: b.dir, Seconds: seconds}, &run); err != nil {
		return 0, err
	}
	return run.Rate(), d.Close()
}

func (b *bench) note(format string, args ...any) {
	b.notes = append(b.notes, fmt.Sprintf(format, args...))
	fmt.Fprintf(os.Stderr, format+"\n", args...)
}
