package markup

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// The parser takes time that grows with the square of some things, so these
// are bounded while it parses. What is over a bound is text like any other:
// the comment is still shown, with its marks.
const (
	// maxNesting is how many quotes and lists may stand inside each other.
	// Each line costs a step for every level that is open.
	maxNesting = 10
	// maxMarks is how many marks of one sort (emphasis, strikes, brackets)
	// count in one paragraph. Each may be compared with all before it.
	maxMarks = 400
	// maxStyles is how many emphases may stand inside each other on the page.
	// Readers see no difference past three, and parsers of HTML give up at 512.
	maxStyles = 8
)

// shallow wraps a parser of blocks that contain blocks.
type shallow struct{ parser.BlockParser }

func (p shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		switch n.(type) {
		case *ast.Blockquote, *ast.List:
			depth++
		}
	}
	if depth >= maxNesting {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, reader, pc)
}

// few wraps a parser of marks that need a partner.
type few struct {
	parser.InlineParser
	key parser.ContextKey
}

func newFew(p parser.InlineParser) few { return few{p, parser.NewContextKey()} }

type tally struct {
	block ast.Node
	marks int
}

func (p few) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	counted, _ := pc.Get(p.key).(*tally)
	if counted == nil || counted.block != parent {
		counted = &tally{block: parent}
		pc.Set(p.key, counted)
	}
	if counted.marks >= maxMarks {
		return nil
	}
	counted.marks++
	return p.InlineParser.Parse(parent, block, pc)
}

// CloseBlock hands on what the parser of links needs to hear.
func (p few) CloseBlock(parent ast.Node, block text.Reader, pc parser.Context) {
	if closer, ok := p.InlineParser.(parser.CloseBlocker); ok {
		closer.CloseBlock(parent, block, pc)
	}
}

// codeSpans remembers which runs of backticks have no partner in a block. The
// parser it wraps looks to the end of the block for each of them, so that a
// page of stray backticks would cost half a second.
type codeSpans struct{ parser.InlineParser }

var strayBackticks = parser.NewContextKey()

type strays struct {
	block  ast.Node
	length map[int]bool
}

func (p codeSpans) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	run := len(line) - len(bytes.TrimLeft(line, "`"))
	known, _ := pc.Get(strayBackticks).(*strays)
	if known == nil || known.block != parent {
		known = &strays{block: parent, length: map[int]bool{}}
		pc.Set(strayBackticks, known)
	}
	if known.length[run] {
		block.Advance(run)
		return ast.NewTextSegment(segment.WithStop(segment.Start + run))
	}
	node := p.InlineParser.Parse(parent, block, pc)
	_, stray := node.(*ast.Text)
	known.length[run] = stray
	return node
}
