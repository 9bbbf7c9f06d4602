package broker

import (
	"net"
	"sync"
	"sync/atomic"
)

// Wire is a way to a server that can be cut, as the network between two machines can. It is safe for concurrent use.
type Wire struct {
	listener net.Listener
	to       string
	open     sync.RWMutex // held by whoever holds everything up
	carried  atomic.Int64

	mu    sync.Mutex
	torn  bool
	ends  map[net.Conn]bool
	going sync.WaitGroup
}

// Wire gives a way to the server, from a port of its own.
func (s *Server) Wire() (*Wire, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	w := &Wire{listener: listener, to: s.host, ends: map[net.Conn]bool{}}
	w.going.Go(w.accept)
	return w, nil
}

// URL gives the address that clients ask for.
func (w *Wire) URL() string { return "nats://" + w.listener.Addr().String() }

// Carried tells how many bytes went either way so far.
func (w *Wire) Carried() int64 { return w.carried.Load() }

// Hold keeps everything back, in both directions, and loses nothing of it: whoever waits hears nothing until Release.
func (w *Wire) Hold() { w.open.Lock() }

// Release lets everything go on after Hold.
func (w *Wire) Release() { w.open.Unlock() }

// Tear ends every connection, and every new one at once, until Mend.
func (w *Wire) Tear() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.torn = true
	for end := range w.ends {
		end.Close()
	}
}

// Mend lets connections be made again after Tear.
func (w *Wire) Mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.torn = false
}

// Close ends everything. Nothing may be held.
func (w *Wire) Close() {
	w.listener.Close()
	w.Tear()
	w.going.Wait()
}

func (w *Wire) accept() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		w.going.Go(func() { w.join(near) })
	}
}

// join leads one connection on, until either end is closed.
func (w *Wire) join(near net.Conn) {
	defer near.Close()
	if !w.keep(near) {
		return
	}
	defer w.drop(near)
	far, err := net.Dial("tcp", w.to)
	if err != nil {
		return
	}
	defer far.Close()
	if !w.keep(far) {
		return
	}
	defer w.drop(far)
	back := make(chan struct{})
	go func() {
		defer close(back)
		defer near.Close()
		w.carry(near, far)
	}()
	w.carry(far, near)
	far.Close()
	<-back
}

// keep notes an end; false = the wire is torn.
func (w *Wire) keep(end net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ends[end] = true
	return !w.torn
}

func (w *Wire) drop(end net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.ends, end)
}

func (w *Wire) carry(to, from net.Conn) {
	part := make([]byte, 32<<10)
	for {
		n, err := from.Read(part)
		if err == nil {
			w.open.RLock()
			_, err = to.Write(part[:n])
			w.carried.Add(int64(n))
			w.open.RUnlock()
		}
		if err != nil {
			return
		}
	}
}
