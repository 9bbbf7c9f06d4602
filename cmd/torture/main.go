// Torture torments the real program while people write to it: it kills it, cuts its power, fills its disk, crashes its
// database, and holds what is left against what clients were told. Each round has a seed; a round that finds
// something wrong prints how to repeat it and keeps its journal. docs/operate/torture.md says what this proves.
//
//	go run ./cmd/torture                                    twenty rounds on SQLite
//	go run ./cmd/torture -engine postgres -rounds 5
//	go run ./cmd/torture -fault powercut,kill9 -seed 4711 -json
//	go run ./cmd/torture prove                              are builds that were broken on purpose caught?
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

// settings are what the command line says.
type settings struct {
	rounds  int
	engine  string
	faults  string
	seed    uint64
	json    bool
	dir     string
	keep    string
	program string
	nats    string
	slow    float64
	ci      bool
	only    string // of the broken builds
}

func (s *settings) set(name string, out io.Writer) *flag.FlagSet {
	set := flag.NewFlagSet(name, flag.ContinueOnError)
	set.SetOutput(out)
	rounds, n := "how many `ROUNDS`", 20
	if name == "prove" {
		rounds, n = "how many `ROUNDS` a broken build may stand before it counts as not caught; one has two cuts or kills", 10
		set.StringVar(&s.only, "only", "", "only these `BUILDS`, separated by commas")
	} else {
		set.StringVar(&s.engine, "engine", sqlite, "sqlite or postgres")
		set.StringVar(&s.faults, "fault", "", "only these `FAULTS`, in turn, separated by commas: "+strings.Join(faultNames(), ", "))
		set.StringVar(&s.program, "binary", "", "torment this parley `FILE` instead of building one")
		set.BoolVar(&s.json, "json", false, "print JSON, one object a round and one for all")
		set.StringVar(&s.keep, "keep", "", "keep what belongs to failed rounds below this `DIR`; by default a new one among the temporary files")
		set.StringVar(&s.nats, "nats-server", "nats-server", "the NATS server's `PROGRAM`")
		set.BoolVar(&s.ci, "ci", false, "fail where a fault cannot be made here, instead of leaving it out")
	}
	set.IntVar(&s.rounds, "rounds", n, rounds)
	set.Uint64Var(&s.seed, "seed", 0, "the seed of the first round, the next has the next one; 0 = by the clock")
	set.StringVar(&s.dir, "dir", "", "keep data and disks in a new folder below this `DIR`")
	set.Float64Var(&s.slow, "slow", 1, "how many times longer than promised a start or stop may take, on a busy machine")
	return set
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	name, args := "torture", os.Args[1:]
	if len(args) > 0 && args[0] == "prove" {
		name, args = args[0], args[1:]
	}
	var s settings
	set := s.set(name, os.Stderr)
	if err := set.Parse(args); err != nil {
		os.Exit(2)
	}
	err := s.check(set.Args())
	if err == nil && name == "prove" {
		err = s.prove(ctx)
	} else if err == nil {
		err = s.torture(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "torture:", err)
		os.Exit(1)
	}
}

func (s *settings) check(rest []string) error {
	if s.seed == 0 {
		s.seed = uint64(time.Now().Unix())
	}
	switch {
	case len(rest) > 0:
		return fmt.Errorf("unexpected argument %q", rest[0])
	case s.engine != "" && s.engine != sqlite && s.engine != postgreSQL:
		return fmt.Errorf("-engine is sqlite or postgres, not %q", s.engine)
	case s.rounds < 1:
		return errors.New("-rounds must be at least 1")
	}
	return nil
}
