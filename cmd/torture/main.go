// Torture torments the real program while people write to it: it kills it, cuts its power, fills its disk, crashes its
// database, and holds what is left against what clients were told. Each round has a seed; a round that finds
// something wrong prints how to repeat it and keeps its journal. docs/operate/torture.md says what this proves.
//
//	go run ./cmd/torture                                    twenty rounds on SQLite
//	go run ./cmd/torture -engine postgres -rounds 5
//	go run ./cmd/torture -fault powercut,kill9 -first 4711 -json
//	go run ./cmd/torture -rounds 200 -summary a.json        goes on where it was ended
//	go run ./cmd/torture prove                              are builds that were broken on purpose caught?
//	go run ./cmd/torture disks                              can disks be made here whose power is cut?
//	go run ./cmd/torture table a.json b.json                what came of it, in Markdown
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
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
	noDisks bool
	only    string // of the broken builds
	summary string // a file
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
		set.StringVar(&s.nats, "nats-server", "", "the NATS server's `PROGRAM`; by default the one whose version go.mod names")
		set.BoolVar(&s.ci, "ci", false, "fail where a fault cannot be made here, instead of leaving it out")
		set.BoolVar(&s.noDisks, "no-disks", false, "leave out what needs a disk of its own, also with -ci")
	}
	set.IntVar(&s.rounds, "rounds", n, rounds)
	set.Uint64Var(&s.seed, "first", 0, "the `SEED` of the first round, the next has the next one; 0 = by the clock, or 1 with -summary")
	set.StringVar(&s.summary, "summary", "", "keep what came of it in this `FILE`, as JSON; where the file has some of it, only the rest is played")
	set.StringVar(&s.dir, "dir", "", "keep data and disks in a new folder below this `DIR`")
	set.Float64Var(&s.slow, "slow", 1, "how many times longer than promised a start or stop may take, on a busy machine")
	return set
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "torture:", err)
		os.Exit(1)
	}
}

// run does what the command line says.
func run(ctx context.Context, args []string) error {
	name := "torture"
	if len(args) > 0 && slices.Contains([]string{"prove", "table", "disks"}, args[0]) {
		name, args = args[0], args[1:]
	}
	switch name {
	case "table":
		return table(args)
	case "disks":
		return diskPossible("")
	}
	var s settings
	set := s.set(name, os.Stderr)
	if err := set.Parse(args); err != nil {
		return err
	}
	if err := s.check(set.Args()); err != nil {
		return err
	}
	if name == "prove" {
		return s.prove(ctx)
	}
	return s.torture(ctx)
}

func (s *settings) check(rest []string) error {
	if s.seed == 0 && s.summary != "" {
		s.seed = 1 // so that the same command goes on with the same rounds
	} else if s.seed == 0 {
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
