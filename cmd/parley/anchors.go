package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"unicode/utf8"

	"parley/internal/anchor"
)

// anchorsFlags are the settings of one run.
type anchorsFlags struct{ text, passages string }

func (f *anchorsFlags) set() *flag.FlagSet {
	set := flag.NewFlagSet("anchors", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&f.text, "text", "", "the file with the text; .md and .html are read as such, all others as plain text")
	set.StringVar(&f.passages, "passages", "", "the file with one passage in JSON a line, - for standard input (docs/anchors.md)")
	return set
}

const (
	// longestLine is the most bytes of one passage: fifty times the longest selection that is taken.
	longestLine = 1 << 20
	// mostPassages bounds how many are looked for at once, and mostBytes what they take in memory.
	mostPassages = 100_000
	mostBytes    = 256 << 20
)

// line is a line of the file of passages, read.
type line struct {
	number int
	id     json.RawMessage
	quote  anchor.Quote
	err    error
}

// told is what is printed for a passage.
type told struct {
	ID      json.RawMessage `json:"id,omitempty"`
	Outcome anchor.Outcome  `json:"outcome"`
	By      string          `json:"by,omitempty"`
	Start   *int            `json:"start,omitempty"`
	End     *int            `json:"end,omitempty"`
	Score   float64         `json:"score,omitempty"`
	Quote   string          `json:"quote,omitempty"`
	Why     string          `json:"why,omitempty"`
}

func runAnchors(_ context.Context, args []string, s streams) error {
	var flags anchorsFlags
	_, rest, err := load("anchors", args, flags.set(), s)
	if err != nil {
		return err
	}
	if err := alone(rest); err != nil {
		return err
	}
	if flags.text == "" || flags.passages == "" {
		return errors.New("say where the text is and where the passages are: parley anchors --text FILE --passages FILE.jsonl")
	}
	text, err := readText(flags.text)
	if err != nil {
		return err
	}
	var in io.Reader = os.Stdin
	if flags.passages != "-" {
		file, err := os.Open(flags.passages)
		if err != nil {
			return err
		}
		defer file.Close()
		in = file
	}
	all, err := readPassages(in)
	if err != nil {
		return fmt.Errorf("read %s: %w", flags.passages, err)
	}
	return tellPlaces(s.out, text, all)
}

// readPassages reads one passage a line; lines without anything are passed over. What is wrong with a line stays with
// it, and the others are read; an error is that of the file.
func readPassages(in io.Reader) (all []line, err error) {
	lines, total := bufio.NewReaderSize(in, 64<<10), 0
	for number := 1; ; number++ {
		raw, err := readLine(lines)
		if err == io.EOF && len(raw) == 0 {
			return all, nil
		}
		if err != nil && err != io.EOF {
			return nil, err
		}
		if raw = bytes.TrimSpace(raw); len(raw) == 0 {
			continue
		}
		if total += len(raw); len(all) == mostPassages || total > mostBytes {
			return nil, fmt.Errorf("line %d: more than %d passages or %d bytes of them; split the file", number, mostPassages, mostBytes)
		}
		all = append(all, readPassage(number, raw))
	}
}

// readLine gives a line, of one that is too long a little more than may be.
func readLine(in *bufio.Reader) (out []byte, err error) {
	for {
		piece, err := in.ReadSlice('\n')
		if room := longestLine + 2 - len(out); room > 0 {
			out = append(out, piece[:min(room, len(piece))]...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return out, err
		}
	}
}

func readPassage(number int, raw []byte) line {
	l := line{number: number}
	switch {
	case len(raw) > longestLine:
		l.err = fmt.Errorf("longer than %d bytes", longestLine)
	case !utf8.Valid(raw):
		l.err = errors.New("not UTF-8")
	default:
		var known struct{ ID json.RawMessage }
		l.err = cmp.Or(json.Unmarshal(raw, &l.quote), json.Unmarshal(raw, &known))
		l.id = known.ID
	}
	return l
}

// tellPlaces prints a line for each passage, in order. It gives an error when some could not be read.
func tellPlaces(w io.Writer, text *anchor.Text, all []line) error {
	var quotes []anchor.Quote
	for _, l := range all {
		if l.err == nil {
			quotes = append(quotes, l.quote)
		}
	}
	places := text.FindAll(quotes)
	buffered := bufio.NewWriter(w)
	out := json.NewEncoder(buffered)
	out.SetEscapeHTML(false)
	bad := 0
	for _, l := range all {
		var err error
		if l.err != nil {
			bad++
			err = out.Encode(struct {
				Line  int    `json:"line"`
				Error string `json:"error"`
			}{l.number, l.err.Error()})
		} else {
			err = out.Encode(placeLine(text, l.id, places[0]))
			places = places[1:]
		}
		if err != nil {
			return err
		}
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d lines could not be read", bad, len(all))
	}
	return nil
}

func placeLine(text *anchor.Text, id json.RawMessage, p anchor.Place) told {
	if p.Outcome != anchor.Found {
		return told{ID: id, Outcome: p.Outcome, Why: p.Why}
	}
	score := math.Round(p.Score*1e4) / 1e4
	return told{ID: id, Outcome: p.Outcome, By: p.By, Start: &p.Start, End: &p.End, Score: score, Quote: text.Slice(p.Start, p.End)}
}
