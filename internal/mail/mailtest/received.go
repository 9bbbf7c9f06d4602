package mailtest

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// Received is a letter as it came over the wire.
type Received struct {
	From      string   // envelope sender
	To        []string // envelope recipients
	Raw       []byte   // header and body, lines ending in CRLF
	Encrypted bool     // it came over TLS
}

// Letter is a letter read as a mail program reads it.
type Letter struct {
	Header  mail.Header
	Subject string   // decoded
	Text    string   // text/plain part, lines ending in LF
	HTML    string   // text/html part
	Parts   []string // media types of all parts, in order
}

// Letter parses the raw bytes. Errors say which part is not as RFC 5322 and
// RFC 2045 want it.
func (r Received) Letter() (Letter, error) {
	message, err := mail.ReadMessage(bytes.NewReader(r.Raw))
	if err != nil {
		return Letter{}, fmt.Errorf("read header: %w", err)
	}
	l := Letter{Header: message.Header}
	if l.Subject, err = new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject")); err != nil {
		return Letter{}, fmt.Errorf("read subject: %w", err)
	}
	media, params, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil {
		return Letter{}, fmt.Errorf("read content type: %w", err)
	}
	if !strings.HasPrefix(media, "multipart/") {
		return l, l.add(media, message.Header.Get("Content-Transfer-Encoding"), message.Body)
	}
	parts := multipart.NewReader(message.Body, params["boundary"])
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return l, nil
		}
		if err != nil {
			return Letter{}, fmt.Errorf("read part: %w", err)
		}
		if media, _, err = mime.ParseMediaType(part.Header.Get("Content-Type")); err != nil {
			return Letter{}, fmt.Errorf("read content type of a part: %w", err)
		}
		if err := l.add(media, part.Header.Get("Content-Transfer-Encoding"), part); err != nil {
			return Letter{}, err
		}
	}
}

func (l *Letter) add(media, encoding string, body io.Reader) error {
	switch strings.ToLower(encoding) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "", "7bit", "8bit":
	default:
		return fmt.Errorf("read %s: unexpected encoding %s", media, encoding)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("read %s: %w", media, err)
	}
	text := strings.ReplaceAll(string(content), "\r\n", "\n")
	l.Parts = append(l.Parts, media)
	switch media {
	case "text/plain":
		l.Text = text
	case "text/html":
		l.HTML = text
	}
	return nil
}
