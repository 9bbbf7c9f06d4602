package main

import (
	"context"
	"errors"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"time"
)

const (
	// stopWithin is how long a stop may take until all requests are finished. With closing the database, and a
	// second for a collector of traces that does not answer, it makes less than five.
	stopWithin = 4 * time.Second
	// leastToFinish is what requests in flight have of it even where the server served on for longer. It is more
	// than any answer takes, though not more than a slow client may need.
	leastToFinish = 2 * time.Second
)

// parting has every answer end its connection once the server is about to stop. So connections that a load balancer
// keeps go away between two requests, and not while the next one is being sent.
func (a *app) parting(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.leaving.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// linger goes on serving, though not ready, for as long as load balancers need to notice. Told to stop once more,
// it stops waiting; the third time ends the program, as nobody listens to signals then.
func (a *app) linger() {
	a.leaving.Store(true)
	drain := a.config.DrainFor()
	if drain == 0 {
		return
	}
	a.log.Info("told to stop: load balancers are given time to notice", "drain", drain)
	again := make(chan os.Signal, 1)
	signal.Notify(again, endings()...)
	defer signal.Stop(again)
	select {
	case <-again:
	case <-time.After(drain):
	}
}

// leave ends serving: nobody is let in any more, open pages are told to come back, and what has been begun is
// finished, beside requests too. served gives what Serve returned; end ends the tasks that running counts.
func (a *app) leave(d door, server *http.Server, served <-chan error, end func(), running *sync.WaitGroup, begun time.Time) error {
	late := begun.Add(stopWithin)
	if least := time.Now().Add(leastToFinish); least.After(late) {
		late = least
	}
	stopping, cancel := context.WithDeadline(context.Background(), late)
	defer cancel()
	empty(stopping, d, served)
	a.forum.Hub.Stop()
	server.SetKeepAlivesEnabled(false)
	d.new.hear(stopping)
	end() // followers keep their places in the database and go on from there
	err := a.finish(stopping, server)
	a.await(stopping, running)
	return err
}

// empty shuts the door and waits until everybody who stood before it is in.
func empty(stopping context.Context, d door, served <-chan error) {
	if d.shut() != nil {
		_ = d.Close() // it was closed before
	}
	select {
	case <-served:
	case <-stopping.Done():
	}
}

// finish lets requests in flight finish. Whoever has not sent or read everything by then is cut off: a client
// that stalls must neither hold up a restart nor make it look like a failure.
func (a *app) finish(stopping context.Context, server *http.Server) error {
	err := server.Shutdown(stopping)
	if errors.Is(err, context.DeadlineExceeded) {
		a.log.Warn("clients that did not finish in time were cut off")
		return server.Close()
	}
	return err
}

// await waits for what runs beside requests. A mail server that says nothing is not waited for: its letter is
// sent after the restart.
func (a *app) await(stopping context.Context, running *sync.WaitGroup) {
	done := make(chan struct{})
	go func() { running.Wait(); close(done) }()
	select {
	case <-done:
	case <-stopping.Done():
		a.log.Warn("a letter on its way was left to the next start")
	}
}
