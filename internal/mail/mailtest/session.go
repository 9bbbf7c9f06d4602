package mailtest

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"net/textproto"
	"strings"
	"time"
)

// session is one connection, as RFC 5321 has it.
type session struct {
	sink      *Sink
	conn      net.Conn
	text      *textproto.Conn
	encrypted bool
	signedIn  bool
	letter    Received
}

func serve(sink *Sink, conn net.Conn, encrypted bool) {
	conn.SetDeadline(time.Now().Add(patience))
	s := &session{sink: sink, conn: conn, text: textproto.NewConn(conn), encrypted: encrypted}
	if !s.reply("CONNECT", "220 sink.example ESMTP") {
		return
	}
	for {
		line, err := s.text.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		if !s.obey(strings.ToUpper(verb), rest) {
			return
		}
	}
}

// reply sends the usual answer to a command, or the one laid down for it, and
// reports whether the usual went out.
func (s *session) reply(verb, usual string) bool {
	if other := s.sink.heard(verb); other != "" {
		s.text.PrintfLine("%s", other)
		return false
	}
	return s.text.PrintfLine("%s", usual) == nil
}

// obey reports whether the session goes on.
func (s *session) obey(verb, rest string) bool {
	switch verb {
	case "EHLO", "HELO":
		s.hello(verb)
	case "STARTTLS":
		return s.reply(verb, "220 go ahead") && s.encrypt()
	case "AUTH":
		s.auth(rest)
	case "MAIL":
		s.letter = Received{Encrypted: s.encrypted}
		if s.sink.wants() != "" && !s.signedIn {
			s.text.PrintfLine("530 5.7.0 who are you?")
		} else if s.reply(verb, "250 2.1.0 ok") {
			s.letter.From = path(rest)
		}
	case "RCPT":
		if s.reply(verb, "250 2.1.5 ok") {
			s.letter.To = append(s.letter.To, path(rest))
		}
	case "DATA":
		return s.data()
	case "RSET", "NOOP":
		s.reply(verb, "250 2.0.0 ok")
	case "QUIT":
		s.reply(verb, "221 2.0.0 bye")
		return false
	default:
		s.sink.heard(verb)
		s.text.PrintfLine("502 5.5.1 unknown command")
	}
	return true
}

func (s *session) hello(verb string) {
	lines := []string{"250-sink.example", "250-8BITMIME", "250-ENHANCEDSTATUSCODES"}
	if !s.encrypted {
		lines = append(lines, "250-STARTTLS")
	}
	if s.sink.wants() != "" {
		lines = append(lines, "250-AUTH PLAIN")
	}
	s.reply(verb, strings.Join(append(lines, "250 SIZE 10000000"), "\r\n"))
}

func (s *session) encrypt() bool {
	conn := tls.Server(s.conn, s.sink.config)
	if conn.Handshake() != nil {
		return false
	}
	s.conn, s.text, s.encrypted = conn, textproto.NewConn(conn), true
	return true
}

func (s *session) auth(rest string) {
	initial, _ := strings.CutPrefix(rest, "PLAIN ")
	decoded, _ := base64.StdEncoding.DecodeString(initial)
	parts := strings.Split(string(decoded), "\x00")
	if len(parts) != 3 || parts[2] != s.sink.wants() {
		s.text.PrintfLine("535 5.7.8 wrong")
		return
	}
	s.signedIn = s.reply("AUTH", "235 2.7.0 welcome")
}

func (s *session) data() bool {
	if !s.reply("DATA", "354 go on") {
		return true
	}
	// The bytes as they came, dot-stuffing undone: DotReader would hide a
	// bare line feed, which is what smuggled letters are made of.
	raw, err := readLetter(s.text.R)
	if err != nil {
		return false
	}
	s.letter.Raw = raw
	if s.reply(".", "250 2.0.0 taken") {
		s.sink.take(s.letter)
	}
	return true
}

func readLetter(r *bufio.Reader) ([]byte, error) {
	var raw bytes.Buffer
	for {
		line, err := r.ReadBytes('\n')
		if err != nil {
			return nil, io.ErrUnexpectedEOF
		}
		if string(line) == ".\r\n" {
			return raw.Bytes(), nil
		}
		raw.Write(bytes.TrimPrefix(line, []byte(".")))
	}
}

// path gives the address of "FROM:<a@b> …" or "TO:<a@b>".
func path(rest string) string {
	_, after, _ := strings.Cut(rest, "<")
	address, _, _ := strings.Cut(after, ">")
	return address
}
