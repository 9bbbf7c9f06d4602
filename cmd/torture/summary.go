package main

import (
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// summary is what all rounds of one engine came to. -summary keeps it in a file, which is whole after every round: a
// run that was ended goes on from there.
type summary struct {
	Engine   string `json:"engine"`
	First    uint64 `json:"first"`  // the seed of the first round; the n-th has First+n-1
	Faults   string `json:"faults"` // those played in turn, separated by commas
	NATS     bool   `json:"nats"`
	Revision string `json:"revision,omitempty"` // of the sources that the program was built from
	Machine  string `json:"machine"`
	Ended    string `json:"ended,omitempty"` // the last round, RFC 3339, UTC
	tally
	Again    int              `json:"again"`
	Events   int              `json:"events"` // messages that the pages heard
	ReadyMS  int64            `json:"ready_ms"`
	Unplayed int              `json:"unplayed"` // rounds that the machine could not play and that were begun again
	ByFault  map[string]tally `json:"by_fault"`
	Failed   []result         `json:"failed"`
}

// tally is what can be counted of any rounds.
type tally struct {
	Rounds       int     `json:"rounds"`
	Acknowledged int     `json:"acknowledged"`
	Comments     int     `json:"comments"` // of those acknowledged
	Cuts         int     `json:"cuts"`     // of the power
	Violations   int     `json:"violations"`
	Seconds      float64 `json:"seconds"`
}

func (t *tally) add(r *result) {
	t.Rounds++
	t.Acknowledged += r.Acknowledged
	t.Comments += r.Comments
	t.Cuts += r.Cuts
	t.Violations += len(r.Violations)
	t.Seconds += r.Seconds
}

// share gives how many of a hundred acknowledged writes are comments.
func (t *tally) share() int {
	if t.Acknowledged == 0 {
		return 0
	}
	return 100 * t.Comments / t.Acknowledged
}

// summary begins one for the rounds that are asked for.
func (b *bench) summary(chosen []fault) *summary {
	var names []string
	for _, f := range chosen {
		names = append(names, f.name)
	}
	return &summary{
		Engine: b.engine, First: b.seed, Faults: strings.Join(names, ","), NATS: b.broker != "", Revision: revision(b.program),
		Machine: machineName(), ByFault: map[string]tally{}, Failed: []result{},
	}
}

// revision reads from a program what it was built from; "" = it does not say.
func revision(program string) (of string) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return ""
	}
	also := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			of = s.Value[:min(len(s.Value), 12)]
		case s.Key == "vcs.modified" && s.Value == "true":
			also = " and changes"
		}
	}
	return of + also
}

// machineName says what all this ran on.
func machineName() string {
	system := runtime.GOOS
	if release, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		system = "Linux " + strings.TrimSpace(string(release))
	}
	return fmt.Sprintf("%s, %d cores, %s", system, runtime.NumCPU(), runtime.Version())
}

func (s *summary) add(r *result) {
	s.tally.add(r)
	of := s.ByFault[r.Fault]
	of.add(r)
	if s.ByFault == nil {
		s.ByFault = map[string]tally{}
	}
	s.ByFault[r.Fault] = of
	s.Again += r.Again
	s.Events += r.Events
	s.ReadyMS = max(s.ReadyMS, r.ReadyMS)
	if r.failed() {
		s.Failed = append(s.Failed, *r)
	}
	s.Ended = time.Now().UTC().Format(time.RFC3339)
}

// String gives it in a sentence.
func (s *summary) String() string {
	return fmt.Sprintf("%d rounds in %s: %d writes acknowledged, %d of them comments (%d %%), %d power cuts, slowest start %d ms, %d violations.",
		s.Rounds, time.Duration(s.Seconds)*time.Second, s.Acknowledged, s.Comments, s.share(), s.Cuts, s.ReadyMS, s.Violations)
}

// err says what is wrong with the whole.
func (s *summary) err() error {
	switch {
	case len(s.Failed) > 0:
		return fmt.Errorf("%d of %d rounds found something wrong", len(s.Failed), s.Rounds)
	case 2*s.Comments < s.Acknowledged:
		return fmt.Errorf("only %d of %d acknowledged writes are comments: the rounds do not count", s.Comments, s.Acknowledged)
	}
	return nil
}

// goOn takes over what a file holds of the same rounds; a file that is not there holds none.
func (s *summary) goOn(file string) error {
	var before summary
	switch err := readJSON(file, &before); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case before.Engine != s.Engine || before.First != s.First || before.Faults != s.Faults || before.NATS != s.NATS:
		return fmt.Errorf("%s is of other rounds: %s from seed %d on, %s (NATS: %t)", file, before.Engine, before.First, before.Faults, before.NATS)
	case before.Revision != s.Revision:
		return fmt.Errorf("%s is of another program: %s, this is %s", file, before.Revision, s.Revision)
	}
	*s = before
	return nil
}

// readJSON reads a JSON file.
func readJSON(file string, into any) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// saveJSON writes a JSON file so that it is whole whenever it is looked at. No name saves nothing.
func saveJSON(file string, content any) error {
	if file == "" {
		return nil
	}
	text, err := json.MarshalIndent(content, "", " ")
	if err != nil {
		return err
	}
	next, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	_, err = next.Write(append(text, '\n'))
	if err = errors.Join(err, next.Chmod(0o644), next.Close()); err == nil {
		err = os.Rename(next.Name(), file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(next.Name()))
	}
	return nil
}
