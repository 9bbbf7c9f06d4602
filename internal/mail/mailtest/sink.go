// Package mailtest is a mail server for tests: it speaks SMTP on a port of
// this machine, keeps every letter it takes, and can be told to refuse.
//
//	sink := mailtest.Start(t)
//	sender, err := mail.NewSMTP(mail.SMTPOptions{Addr: sink.Addr, TLS: "starttls", Roots: sink.Roots, From: "forum@example.org"})
//	…
//	letter := sink.Wait(1)[0]
package mailtest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long Wait waits for a letter on a slow, busy machine.
const patience = 20 * time.Second

// Sink is a running mail server.
type Sink struct {
	Addr  string         // host:port
	Roots *x509.CertPool // vouches for the sink's certificate

	t        testing.TB
	listener net.Listener
	config   *tls.Config
	sessions sync.WaitGroup

	mutex    sync.Mutex
	arrived  *sync.Cond
	letters  []Received
	answers  map[string]string
	verbs    []string
	open     map[net.Conn]bool
	password string
	stopped  bool
}

// Start runs a sink that offers STARTTLS, until the test ends.
func Start(t testing.TB) *Sink { return start(t, false) }

// StartTLS runs a sink that speaks TLS from the first byte.
func StartTLS(t testing.TB) *Sink { return start(t, true) }

func start(t testing.TB, encrypted bool) *Sink {
	t.Helper()
	certificate, roots := certify(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("start mail sink: %v", err)
	}
	s := &Sink{
		Addr: listener.Addr().String(), Roots: roots, t: t, answers: map[string]string{}, open: map[net.Conn]bool{},
		config: &tls.Config{Certificates: []tls.Certificate{certificate}},
	}
	s.arrived = sync.NewCond(&s.mutex)
	s.listener = listener
	if encrypted {
		s.listener = tls.NewListener(listener, s.config)
	}
	s.sessions.Go(func() { s.accept(encrypted) })
	t.Cleanup(s.stop)
	return s
}

func (s *Sink) accept(encrypted bool) {
	for {
		conn, err := s.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		s.mutex.Lock()
		stopped := s.stopped
		s.open[conn] = true
		s.mutex.Unlock()
		if stopped {
			conn.Close()
			return
		}
		s.sessions.Go(func() {
			serve(s, conn, encrypted)
			conn.Close()
			s.mutex.Lock()
			delete(s.open, conn)
			s.mutex.Unlock()
		})
	}
}

func (s *Sink) stop() {
	s.listener.Close()
	s.mutex.Lock()
	s.stopped = true
	for conn := range s.open {
		conn.Close()
	}
	s.arrived.Broadcast()
	s.mutex.Unlock()
	s.sessions.Wait()
}

// Answer makes the sink answer a command ("MAIL", "RCPT", "DATA", "." for the
// end of a letter, "QUIT", …) with a line such as "550 5.1.1 no such person",
// until it is called with "" for that command.
func (s *Sink) Answer(command, line string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.answers[strings.ToUpper(command)] = line
}

// Require makes the sink want this password from AUTH PLAIN before a letter.
func (s *Sink) Require(password string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.password = password
}

// Letters gives what has arrived so far, oldest first.
func (s *Sink) Letters() []Received {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.letters)
}

// Commands gives the verbs that clients have sent so far, in order.
func (s *Sink) Commands() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Clone(s.verbs)
}

// Wait gives the letters once at least n have arrived, and fails the test when
// that takes too long.
func (s *Sink) Wait(n int) []Received {
	s.t.Helper()
	late := false
	timer := time.AfterFunc(patience, func() {
		s.mutex.Lock()
		defer s.mutex.Unlock()
		late = true
		s.arrived.Broadcast()
	})
	defer timer.Stop()
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for len(s.letters) < n && !late && !s.stopped {
		s.arrived.Wait()
	}
	if len(s.letters) < n {
		s.t.Fatalf("waited for %d letters, got %d", n, len(s.letters))
	}
	return slices.Clone(s.letters)
}

func (s *Sink) take(r Received) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.letters = append(s.letters, r)
	s.arrived.Broadcast()
}

// heard notes a command and gives the answer that is laid down for it, if any.
func (s *Sink) heard(verb string) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.verbs = append(s.verbs, verb)
	return s.answers[verb]
}

func (s *Sink) wants() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.password
}
