package markup

import (
	"bytes"
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// comments is the parser of the comment dialect, safe for many at once. It
// leaves out of CommonMark: HTML; underlined headings, because people end a
// paragraph with a line of dashes and mean a line; and reference definitions,
// which hide text and have a history of costing time. Parsers that could be
// made slow are bounded.
var comments = parser.NewParser(
	parser.WithBlockParsers(blockParsers...),
	parser.WithInlineParsers(inlineParsers...),
)

// articles is the parser of the publisher's pieces.
var articles = parser.NewParser(
	parser.WithBlockParsers(append(blockParsers, util.Prioritized(parser.NewSetextHeadingParser(), 0))...),
	parser.WithInlineParsers(inlineParsers...),
	parser.WithParagraphTransformers(util.Prioritized(parser.LinkReferenceParagraphTransformer, 1)),
)

var (
	blockParsers = prioritized[parser.BlockParser](
		parser.NewThematicBreakParser(),
		shallow{lists{parser.NewListParser()}},
		parser.NewListItemParser(),
		parser.NewCodeBlockParser(),
		parser.NewATXHeadingParser(),
		parser.NewFencedCodeBlockParser(),
		shallow{parser.NewBlockquoteParser()},
		parser.NewParagraphParser(),
	)
	inlineParsers = prioritized[parser.InlineParser](
		codeSpans{parser.NewCodeSpanParser()},
		newFew(parser.NewLinkParser()),
		parser.NewAutoLinkParser(),
		newFew(parser.NewEmphasisParser()),
		newFew(strikes{extension.NewStrikethroughParser()}),
		bareLinks,
	)
)

// bareLinks finds addresses that stand in the text as they are. Mail addresses
// are left alone: whoever wants to be written to makes a link of it.
var bareLinks = extension.NewLinkifyParser(
	extension.WithLinkifyAllowedProtocols([]string{"http:", "https:", "Http:", "Https:", "HTTP:", "HTTPS:"}),
	extension.WithLinkifyURLRegexp(regexp.MustCompile(`^(?i:https?)://[^\s<>"“”«»|\\^{}]*[^\s<>"“”«»|\\^{}'’]`)),
	extension.WithLinkifyWWWRegexp(regexp.MustCompile(`^www\.[^\s<>"“”«»|\\^{}@]+\.[^\s<>"“”«»|\\^{}@]*[^\s<>"“”«»|\\^{}@'’]`)),
	extension.WithLinkifyEmailRegexp(regexp.MustCompile(`^[^\s\S]`)),
)

// prioritized keeps the order of the arguments as the order of trying, from 1.
func prioritized[T any](parsers ...T) []util.PrioritizedValue {
	values := make([]util.PrioritizedValue, len(parsers))
	for i, p := range parsers {
		values[i] = util.Prioritized(p, i+1)
	}
	return values
}

// maxListStart is the highest number a list may begin with: a paragraph that
// opens with "1984. Nobody remembers …" is not a list.
const maxListStart = 99

type lists struct{ parser.BlockParser }

func (p lists) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	node, state := p.BlockParser.Open(parent, reader, pc)
	if list, ok := node.(*ast.List); ok && list.Start > maxListStart {
		return nil, parser.NoChildren
	}
	return node, state
}

// strikes takes two tildes, never one: "10~20 people" is a range.
type strikes struct{ parser.InlineParser }

func (p strikes) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if !bytes.HasPrefix(line, []byte("~~")) {
		return nil
	}
	return p.InlineParser.Parse(parent, block, pc)
}
