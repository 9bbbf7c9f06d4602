package demo

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley"
)

// Said is one comment of a hand-written talk. A file SLUG.talk holds them one after the other, each a header
// and its Markdown:
//
//	@ Marit Okkenhaug | +1h52m | 78
//	about: The first words of a passage … its last words.
//	thought: unlikely
//	Opens a thread, written 1 h 52 min after the piece appeared, recommended by 78 readers.
//
//	> @ Halvard Stoop | +2h30m
//	Answers the nearest comment above it that has one ">" less.
//
// The two lines below a header that opens a thread may be left out. The first quotes the passage of the piece
// that the thread is about, as the piece read then; an ellipsis stands for what lies between. The second is the
// answer to the piece's question that the comment gives the reason for, by its name in JSON.
//
// Before the first header a line "from 2026-05-21T06:00:00+02:00" counts the times of the file from that moment.
// A file is in the order of its threads, not of its clock.
type Said struct {
	Line        int           // of the header, from 1
	Name        string        // who says it
	Depth       int           // how many ">" the header has; 0 opens a thread
	From        parley.Time   // what After counts from; 0 = when the piece appeared
	After       time.Duration // since then
	Recommended int           // by how many readers
	About       string        // the passage it is about, as the file quotes it; "" = the piece as a whole
	Thought     parley.Step   // the answer it is the reason for; 0 = none
	Body        string        // Markdown
	Parent      int           // place in the talk of the comment it answers; -1 = none
}

var (
	// header takes a header apart: depth, name, time, recommendations.
	header = regexp.MustCompile(`^(>*) ?@ ([^|]+?) \| \+(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?: \| (\d+))?$`)
	// likeHeader finds lines meant to be headers, so that a slip in one is an error and not a line of the
	// comment above.
	likeHeader = regexp.MustCompile(`^>* ?@ `)
	// mark takes a line below a header apart.
	mark = regexp.MustCompile(`^(about|thought): *(.*)$`)
	// since takes the line that sets the clock apart.
	since = regexp.MustCompile(`^from (\S+)$`)
)

// Talk reads the hand-written talk of one file, oldest first: what is answered stands before its answers.
// Errors name file and line.
func Talk(dir fs.FS, file string) ([]Said, error) {
	src, err := fs.ReadFile(dir, file)
	if err != nil {
		return nil, fmt.Errorf("read talk: %w", err)
	}
	talk, err := parseTalk(string(src))
	if err != nil {
		return nil, fmt.Errorf("%s:%w", file, err)
	}
	return talk, nil
}

// parseTalk reads a talk. Its errors begin with the line they are about.
func parseTalk(src string) ([]Said, error) {
	var talk []Said
	var above []int // place of the nearest comment above, by depth
	var from parley.Time
	number := 0
	for text := range strings.Lines(src) {
		number++
		text = strings.TrimRight(text, "\r\n")
		var err error
		switch {
		case likeHeader.MatchString(text):
			said := Said{}
			if said, err = parseHeader(text); err != nil {
				break
			}
			if said.Depth > len(above) {
				err = errors.New(`nothing above has one ">" less`)
				break
			}
			said.Line, said.Parent, said.From = number, -1, from
			if said.Depth > 0 {
				said.Parent = above[said.Depth-1]
			}
			above = append(above[:said.Depth], len(talk))
			talk = append(talk, said)
		case len(talk) > 0 && talk[len(talk)-1].Body == "" && mark.MatchString(text):
			err = talk[len(talk)-1].mark(mark.FindStringSubmatch(text))
		case len(talk) > 0:
			talk[len(talk)-1].Body += text + "\n"
		case from == 0 && since.MatchString(text):
			var m moment
			err = m.read(since.FindStringSubmatch(text)[1])
			from = parley.Time(m)
		case strings.TrimSpace(text) != "":
			err = errors.New(`a talk begins with a header such as "@ Name | +1h30m | 12"`)
		}
		if err != nil {
			return nil, fmt.Errorf("%d: %w", number, err)
		}
	}
	for i := range talk {
		if err := check(talk, &talk[i]); err != nil {
			return nil, fmt.Errorf("%d: %w", talk[i].Line, err)
		}
	}
	return byClock(talk), nil
}

func parseHeader(text string) (Said, error) {
	part := header.FindStringSubmatch(text)
	if part == nil {
		return Said{}, errors.New(`a header looks like "@ Name | +1d2h30m | 12", with a ">" for each level of a reply`)
	}
	said := Said{Name: part[2], Depth: len(part[1])}
	for i, unit := range []time.Duration{24 * time.Hour, time.Hour, time.Minute} {
		n, err := number(part[3+i], 10_000)
		if err != nil {
			return said, err
		}
		said.After += time.Duration(n) * unit
	}
	var err error
	said.Recommended, err = number(part[6], 10_000)
	return said, err
}

// mark takes in a line below a header.
func (s *Said) mark(part []string) (err error) {
	switch {
	case s.Depth > 0:
		return errors.New("what a reply is about, and thinks, is said by what opens its thread")
	case part[1] == "about" && (s.About != "" || part[2] == ""):
		return errors.New(`"about:" names one passage`)
	case part[1] == "about":
		s.About = part[2]
	default:
		if s.Thought, err = parley.ParseStep(part[2]); err != nil {
			err = fmt.Errorf("%q is none of the seven answers, such as realistic_possibility", part[2])
		}
	}
	return err
}

// number reads digits; none are 0.
func number(digits string, most int) (int, error) {
	if digits == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n > most {
		return 0, fmt.Errorf("%s is more than %d", digits, most)
	}
	return n, nil
}

// check tidies one comment and says what is wrong with it.
func check(talk []Said, said *Said) error {
	said.Body = strings.TrimSpace(said.Body)
	switch {
	case said.Body == "":
		return fmt.Errorf("%s says nothing", said.Name)
	case said.After <= 0:
		return fmt.Errorf("%s writes before there is anything to read", said.Name)
	case said.Parent >= 0 && talk[said.Parent].After >= said.After:
		return fmt.Errorf("%s answers line %d before it was written", said.Name, talk[said.Parent].Line)
	}
	return nil
}

// byClock gives the talk oldest first. Parents are earlier than replies, so they come first; comments of the
// same minute keep the order of the file.
func byClock(talk []Said) []Said {
	order := make([]int, len(talk))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(talk[a].After, talk[b].After) })
	place := make([]int, len(talk))
	sorted := make([]Said, len(talk))
	for to, from := range order {
		place[from], sorted[to] = to, talk[from]
	}
	for i := range sorted {
		if sorted[i].Parent >= 0 {
			sorted[i].Parent = place[sorted[i].Parent]
		}
	}
	return sorted
}

// id names a comment within its file, so that seeding again finds it, wherever it stands and whatever it says
// by then.
func (s Said) id() string { return fmt.Sprintf("%s +%s", s.Name, s.After) }
