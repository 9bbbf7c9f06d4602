package live

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"parley/internal/store"
)

const (
	// natsWait is the pause before NATS is tried again, and natsJitter what is added to it by chance, so that after
	// its restart not every process comes in the same moment.
	natsWait, natsJitter = 500 * time.Millisecond, 500 * time.Millisecond
	// natsPing is how often a silent connection is tested: after two tests without an answer it counts as lost.
	natsPing = 5 * time.Second
	// natsPatience bounds one attempt to connect and one write.
	natsPatience = 2 * time.Second
)

// NodesOptions say where NATS is and how this process shows who it is. Whatever is empty is not used.
type NodesOptions struct {
	URL   string // nats://name:password@host:port or tls://…, several separated by commas
	Creds string // a credentials file
	CA    string // certificates in PEM that NATS' own is checked against
	Cert  string // a client certificate in PEM, with Key
	Key   string
	Log   *slog.Logger
}

// Nodes carries the bell between the processes on one database by core NATS: one empty message on one subject says
// that something is new. Whatever is lost is found in the database by those who look by themselves, so that NATS
// being away costs delay and nothing else.
type Nodes struct {
	options  []nats.Option
	url      string
	log      *slog.Logger
	news     chan struct{} // one ring waits to be passed on; more are the same
	conn     atomic.Pointer[nats.Conn]
	why      atomic.Pointer[string] // it was last refused
	stop     context.CancelFunc
	finished chan struct{}
}

// NewNodes prepares the way to NATS without going there. It fails when a file cannot be read; the error holds no
// credentials.
func NewNodes(o NodesOptions) (*Nodes, error) {
	n := &Nodes{url: o.URL, log: o.Log, news: make(chan struct{}, 1)}
	n.options = []nats.Option{
		nats.Name("parley"), nats.NoEcho(), nats.NoCallbacksAfterClientClose(),
		nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1), nats.IgnoreAuthErrorAbort(),
		nats.ReconnectWait(natsWait), nats.ReconnectJitter(natsJitter, natsJitter),
		nats.ReconnectBufSize(-1), // what could not be told at once is told by the ring after reconnecting
		nats.Timeout(natsPatience), nats.FlusherTimeout(natsPatience), nats.PingInterval(natsPing), nats.MaxPingsOutstanding(2),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			n.log.Warn("NATS is away: what other processes do is seen up to two seconds late", "error", err)
		}),
		nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { n.refused(err) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			n.log.Warn("NATS refuses something", "error", err)
		}),
	}
	if o.Creds != "" {
		if _, err := os.ReadFile(o.Creds); err != nil {
			return nil, fmt.Errorf("read the credentials for NATS: %w", err)
		}
		n.options = append(n.options, nats.UserCredentials(o.Creds))
	}
	secure, err := secured(o)
	if err != nil {
		return nil, err
	}
	if secure != nil {
		n.options = append(n.options, nats.Secure(secure))
	}
	return n, nil
}

// refused tells why NATS is still away, once for each reason: it is tried again every second.
func (n *Nodes) refused(err error) {
	why := err.Error()
	if before := n.why.Swap(&why); before == nil || *before != why {
		n.log.Warn("NATS cannot be reached", "error", err)
	}
}

// secured gives the TLS settings that the options ask for, nil for none of their own.
func secured(o NodesOptions) (*tls.Config, error) {
	if o.CA == "" && o.Cert == "" {
		return nil, nil
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if o.CA != "" {
		text, err := os.ReadFile(o.CA)
		if err != nil {
			return nil, fmt.Errorf("read the certificates for NATS: %w", err)
		}
		if c.RootCAs = x509.NewCertPool(); !c.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("read the certificates for NATS: %s holds none in PEM", o.CA)
		}
	}
	if o.Cert != "" {
		own, err := tls.LoadX509KeyPair(o.Cert, o.Key)
		if err != nil {
			return nil, fmt.Errorf("read the client certificate for NATS: %w", err)
		}
		c.Certificates = []tls.Certificate{own}
	}
	return c, nil
}

// Announce says that something is new. It never waits.
func (n *Nodes) Announce() {
	select {
	case n.news <- struct{}{}:
	default:
	}
}

// Join connects the store with the other processes on its database, in the background and for as long as it takes.
// Close ends that.
func (n *Nodes) Join(ctx context.Context, s *store.Store) error {
	name, err := s.BellName(ctx)
	if err != nil {
		return fmt.Errorf("name the bell: %w", err)
	}
	subject := "parley." + name + ".bell"
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	n.stop, n.finished = stop, make(chan struct{})
	go func() {
		defer close(n.finished)
		if n.connect(running, subject, s.Ring) {
			n.passOn(running, subject)
		}
	}()
	return nil
}

// connect has the client library look for NATS, which it does for ever; it gives up itself only where it does not
// like what it was given, such as a credentials file that is being replaced.
func (n *Nodes) connect(ctx context.Context, subject string, ring func()) bool {
	again := func(*nats.Conn) {
		n.why.Store(nil)
		n.log.Info("NATS carries the bell between processes")
		ring()       // for what this one was not told
		n.Announce() // for what the others were not
	}
	options := append(n.options, nats.ConnectHandler(again), nats.ReconnectHandler(again))
	for {
		conn, err := nats.Connect(n.url, options...)
		if err == nil {
			if _, err = conn.Subscribe(subject, func(*nats.Msg) { ring() }); err == nil {
				n.conn.Store(conn)
				if !conn.IsConnected() {
					n.log.Warn("NATS cannot be reached yet: what other processes do is seen up to two seconds late")
				}
				return true
			}
			conn.Close()
		}
		n.log.Warn("NATS cannot be used; trying again", "error", err)
		select {
		case <-time.After(natsPatience):
		case <-ctx.Done():
			return false
		}
	}
}

// passOn tells the others of every ring; those that come while one is told are one. It is apart from Announce
// because a write to a server that has stopped reading may wait.
func (n *Nodes) passOn(ctx context.Context, subject string) {
	conn := n.conn.Load()
	defer conn.Close()
	look := time.NewTicker(natsPing)
	defer look.Stop()
	for {
		select {
		case <-look.C: // who is not let in at the first attempt is told nowhere else
			if err := conn.LastError(); err != nil && !conn.IsConnected() {
				n.refused(err)
			}
		case <-ctx.Done():
			return
		case <-n.news:
			err := conn.Publish(subject, nil)
			if err != nil && !errors.Is(err, nats.ErrReconnectBufExceeded) {
				n.log.Warn("other processes were not told", "error", err)
			}
		}
	}
}

// Connected tells whether NATS can be reached.
func (n *Nodes) Connected() bool {
	conn := n.conn.Load()
	return conn != nil && conn.IsConnected()
}

// Close leaves NATS.
func (n *Nodes) Close() {
	if n.stop != nil {
		n.stop()
		<-n.finished
	}
}
