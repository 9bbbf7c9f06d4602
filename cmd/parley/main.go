// Parley is the readers' forum for news sites. This command serves it, shows a demo of it, says what its
// settings are, brings comments in from elsewhere and looks after the database.
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
	"syscall"
	_ "time/tzdata" // dates show the newsroom's zone on machines without a zone database

	"parley/internal/config"
	"parley/internal/hashing"
)

// command is one word after "parley".
type command struct {
	name string
	does string
	run  func(ctx context.Context, args []string, out streams) error
	own  func() *flag.FlagSet // what it takes beside settings; nil = nothing
}

// streams is where a command writes; tests read it there.
type streams struct{ out, err io.Writer }

func commands() []command {
	return []command{
		{"demo", "show a forum with something in it", runDemo, nil},
		{"serve", "serve the forum", runServe, nil},
		{"config", "print the settings in force and where each came from", runConfig, nil},
		{"import", "bring comments in: parley import wordpress --data DIR FILE…", runImport, new(importFlags).set},
		{"move", "carry the forum to the other database: parley move --from DIR --to postgres://…", runMove, new(moveFlags).set},
		{"anchors", "say where passages are in a text: parley anchors --text FILE --passages FILE.jsonl", runAnchors, new(anchorsFlags).set},
		{"backup", "write one moment of the forum into a file: parley backup --data DIR --to DIR", runBackup, new(backupFlags).set},
		{"restore", "put a backup back: parley restore --data DIR --from FILE", runRestore, new(restoreFlags).set},
		{"doctor", "examine the database and say what is wrong with it", runDoctor, new(doctorFlags).set},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	defer stop()
	context.AfterFunc(ctx, stop) // asked a second time, the program ends at once
	if len(os.Args) == 2 && os.Args[1] == hashCommand {
		if err := hashing.Serve(os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		return
	}
	os.Exit(Main(ctx, os.Args[1:], streams{os.Stdout, os.Stderr}))
}

// endings are the signals that ask the program to stop in order. A closed terminal is one of them, unless
// whoever started the program said (nohup) that it shall not be.
func endings() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// Main runs the command that args name and gives the exit status: 0 done, 1 failed, 2 no such command. End-to-end
// tests start the program by it, exactly as the operator does.
func Main(ctx context.Context, args []string, s streams) int {
	if len(args) == 0 || slices.Contains([]string{"help", "-h", "--help", "-help"}, args[0]) {
		usage(s.out)
		return min(2, 2*b2i(len(args) == 0))
	}
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return c.name == args[0] })
	if i < 0 {
		fmt.Fprintf(s.err, "parley: there is no command %q\n\n", args[0])
		usage(s.err)
		return 2
	}
	err := all[i].run(ctx, args[1:], s)
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		config.Usage(s.out, args[0])
		if own := all[i].own; own != nil {
			ownUsage(s.out, own())
		}
		return 0
	}
	fmt.Fprintf(s.err, "parley %s: %v\n", args[0], err)
	return 1
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "Parley, the readers' forum for news sites.")
	fmt.Fprintln(w)
	for _, c := range commands() {
		fmt.Fprintf(w, "  parley %-8s %s\n", c.name, c.does)
	}
	fmt.Fprintln(w)
	fmt.Fprintln(w, "parley COMMAND --help lists a command's settings.")
}

// ownUsage lists what only one command knows.
func ownUsage(w io.Writer, own *flag.FlagSet) {
	fmt.Fprintln(w, "\nFor this command alone:")
	own.VisitAll(func(f *flag.Flag) { fmt.Fprintf(w, "  --%s\n        %s\n", f.Name, f.Usage) })
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// load reads a command's settings, prints warnings, and refuses settings that do not go together.
func load(name string, args []string, own *flag.FlagSet, s streams) (config.Config, []string, error) {
	loaded, err := config.Load(config.Input{Command: name, Args: args, Environ: os.Environ(), Flags: own})
	if err != nil {
		return config.Config{}, nil, err
	}
	for _, warning := range loaded.Warnings {
		fmt.Fprintln(s.err, "warning:", warning)
	}
	return loaded.Config, loaded.Args, nil
}

// alone refuses arguments a command does not take.
func alone(rest []string) error {
	if len(rest) > 0 {
		return fmt.Errorf("unexpected argument %q", rest[0])
	}
	return nil
}
