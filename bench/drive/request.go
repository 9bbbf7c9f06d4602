// Package drive puts load on a server: wrk where it is installed, since it is never the limit here, and a
// driver of our own for what wrk cannot do: writers that learn from answers, arrivals at a given rate, streams.
package drive

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"parley/bench/figures"
)

// Request is one HTTP/1.1 request to whichever server is asked. Its headers are sent as they stand, in order.
type Request struct {
	Method string // "" = GET
	Path   string // with its query
	Header [][2]string
	Body   string
}

// With gives the request with one more header.
func (r Request) With(name, value string) Request {
	r.Header = append(append([][2]string{}, r.Header...), [2]string{name, value})
	return r
}

// Zipped gives the request as browsers send it: gzip is welcome.
func (r Request) Zipped() Request { return r.With("Accept-Encoding", "gzip") }

// Raw gives the request as it goes to a host.
func (r Request) Raw(host string) []byte {
	var b strings.Builder
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", method, r.Path, host)
	for _, h := range r.Header {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], h[1])
	}
	if r.Body != "" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(r.Body))
	}
	b.WriteString("\r\n")
	b.WriteString(r.Body)
	return []byte(b.String())
}

// Host gives the host and port of a base address.
func Host(base string) string { return strings.TrimPrefix(base, "http://") }

// Answer is a whole answer.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Good tells whether an answer counts as one: 2xx or 304.
func (a Answer) Good() bool { return good(a.Status) }

func good(status int) bool { return status/100 == 2 || status == http.StatusNotModified }

// refused tells an answer that turns a request away politely: 503 or 429, and when to come back.
func (a Answer) refused() bool {
	return (a.Status == http.StatusServiceUnavailable || a.Status == http.StatusTooManyRequests) && a.Header.Get("Retry-After") != ""
}

// patience ends an exchange that nobody waits for any more; it has been an error since figures.Late.
const patience = 2 * figures.Late

// line is one connection to a server, kept open between requests and opened again when it breaks.
type line struct {
	host string
	conn net.Conn
	in   *bufio.Reader
}

// exchange sends a request and reads its answer whole. The body is only kept when asked for.
func (l *line) exchange(ctx context.Context, raw []byte, keep bool) (Answer, error) {
	if l.conn == nil {
		dialer := net.Dialer{Timeout: patience}
		conn, err := dialer.DialContext(ctx, "tcp", l.host)
		if err != nil {
			return Answer{}, err
		}
		l.conn, l.in = conn, bufio.NewReaderSize(conn, 16<<10)
	}
	answer, err := l.talk(raw, keep)
	if err != nil {
		l.close()
	}
	return answer, err
}

func (l *line) talk(raw []byte, keep bool) (Answer, error) {
	if err := l.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return Answer{}, err
	}
	if _, err := l.conn.Write(raw); err != nil {
		return Answer{}, err
	}
	got, err := http.ReadResponse(l.in, nil)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{Status: got.StatusCode, Header: got.Header}
	if keep {
		answer.Body, err = io.ReadAll(got.Body)
	} else {
		_, err = io.Copy(io.Discard, got.Body)
	}
	got.Body.Close()
	if got.Close {
		l.close()
	}
	return answer, err
}

func (l *line) close() {
	if l.conn != nil {
		l.conn.Close()
	}
	l.conn = nil
}

// Ask sends one request on a connection of its own.
func Ask(ctx context.Context, base string, r Request) (Answer, error) {
	l := &line{host: Host(base)}
	defer l.close()
	answer, err := l.exchange(ctx, r.Raw(Host(base)), true)
	if err != nil {
		return answer, fmt.Errorf("%s %s: %w", r.Method, r.Path, err)
	}
	return answer, nil
}

// Must is Ask for a request that must succeed.
func Must(ctx context.Context, base string, r Request) (Answer, error) {
	answer, err := Ask(ctx, base, r)
	if err == nil && !answer.Good() {
		err = fmt.Errorf("%s %s answers %d: %.300s", r.Method, r.Path, answer.Status, answer.Body)
	}
	return answer, err
}
