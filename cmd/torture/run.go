package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/schollz/progressbar/v3"
)

// torture runs what the command line asks for.
func (s *settings) torture(ctx context.Context) (err error) {
	chosen, err := cycle(s.engine, s.faults)
	if err != nil {
		return err
	}
	b, err := s.newBench()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if b.program = s.program; b.program == "" {
		b.program = filepath.Join(b.folder, "parley")
		if err := build(ctx, b.program); err != nil {
			return err
		}
	}
	if s.engine == postgreSQL {
		b.findBroker(ctx)
	}
	if chosen, err = b.feasible(ctx, chosen, s.engine); err != nil {
		return err
	}
	return b.rounds(ctx, chosen)
}

// feasible leaves out what cannot be made here, and says so; with -ci that is a failure.
func (b *bench) feasible(ctx context.Context, chosen []fault, engine string) (left []fault, err error) {
	said := map[string]error{}
	for _, f := range chosen {
		why, asked := said[f.name]
		if !asked {
			why = b.possible(ctx, f, engine)
			said[f.name] = why
			if why != nil {
				fmt.Fprintf(os.Stderr, "left out: %s: %v\n", f.name, why)
			}
		}
		switch {
		case why == nil:
			left = append(left, f)
		case b.ci && !errors.Is(why, errNoDisks):
			err = errors.Join(err, fmt.Errorf("the fault %s cannot be made here: %w", f.name, why))
		}
	}
	if err == nil && len(left) == 0 {
		err = errors.New("none of the faults can be made here")
	}
	return left, err
}

// rounds plays the rounds and prints them as they end.
func (b *bench) rounds(ctx context.Context, chosen []fault) error {
	if err := b.keeping(); err != nil {
		return err
	}
	total := b.summary(chosen)
	if b.settings.summary != "" {
		if err := total.goOn(b.settings.summary); err != nil {
			return err
		}
	}
	bar := b.bar("rounds", b.settings.rounds)
	bar.done(total.Rounds)
	if !b.json {
		fmt.Println(heading)
	}
	for n := total.Rounds; n < b.settings.rounds; n++ {
		r, err := b.playable(ctx, n, chosen[n%len(chosen)], total)
		if err != nil {
			return err
		}
		total.add(r)
		bar.clear()
		if err := errors.Join(b.print(r), saveJSON(b.settings.summary, total)); err != nil {
			return err
		}
		bar.done(1)
	}
	bar.end()
	if b.json {
		if err := json.NewEncoder(os.Stdout).Encode(total); err != nil {
			return err
		}
	} else {
		fmt.Println(total)
	}
	return total.err()
}

// begins is how often a round is begun that the machine cannot play: among hundreds of rounds a port may be taken.
const begins = 3

// playable plays one round, again where the machine would not let it be played.
func (b *bench) playable(ctx context.Context, n int, f fault, total *summary) (*result, error) {
	for begun := 1; ; begun++ {
		r, err := b.play(ctx, n+1, f, b.engine, b.seed+uint64(n))
		if err == nil {
			return &r.result, nil
		}
		err = fmt.Errorf("round %d (%s): %w", n+1, r.result.repeat(), err)
		if begun == begins || ctx.Err() != nil {
			return nil, err
		}
		total.Unplayed++
		fmt.Fprintln(os.Stderr, "begun again:", err)
	}
}

func (b *bench) print(r *result) error {
	if b.json {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	r.tell(os.Stdout)
	return nil
}

// keeping makes sure of the folder for what belongs to failed rounds.
func (b *bench) keeping() (err error) {
	if b.keep == "" {
		b.keep = filepath.Join(os.TempDir(), fmt.Sprintf("parley-torture-failed-%d", os.Getpid()))
	}
	b.keep, err = filepath.Abs(b.keep)
	return err
}

// bar shows how far the rounds are where somebody looks.
type bar struct{ *progressbar.ProgressBar }

func (b *bench) bar(what string, n int) bar {
	out := io.Discard
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		out = os.Stderr
	}
	return bar{progressbar.NewOptions(n, progressbar.OptionSetWriter(out), progressbar.OptionSetDescription(what),
		progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(), progressbar.OptionSetRenderBlankState(true))}
}

// What a bar that cannot be drawn says is no reason to stop.
func (b bar) clear()     { _ = b.Clear() }
func (b bar) done(n int) { _ = b.Add(n) }
func (b bar) end()       { _ = b.Finish() }
