package conversation

import (
	"context"

	"parley/internal/markup"
)

// Text is a comment's words, ready to save.
type Text struct {
	Body string // cleaned Markdown
	HTML string // rendered; "" when the body is plain and rendering it costs nothing
}

// Write cleans and renders the words of a comment. It refuses with CodeBodyEmpty, CodeBodyTooLong,
// CodeBodyInvalid or CodeBodyTangled, always on the member "body".
func (s *Service) Write(ctx context.Context, body string) (Text, error) {
	return s.text(ctx, body, markup.Comment)
}

func (s *Service) text(ctx context.Context, body string, render func(string) (string, error)) (Text, error) {
	body, err := markup.Clean(body)
	if err != nil {
		return Text{}, err
	}
	if markup.Plain(body) && len(body) <= markup.MaxBody {
		return Text{Body: body}, nil
	}
	select {
	case s.rendering <- struct{}{}:
		defer func() { <-s.rendering }()
	case <-ctx.Done():
		return Text{}, ctx.Err()
	}
	html, err := render(body)
	return Text{Body: body, HTML: html}, err
}

// Preview gives the HTML that a body would be published as.
func (s *Service) Preview(ctx context.Context, body string) (html string, err error) {
	text, err := s.Write(ctx, body)
	if err != nil || text.HTML != "" {
		return text.HTML, err
	}
	return markup.PlainHTML(text.Body), nil
}
