// Package turn lets long computations give way to whatever waits for the network.
//
// Go's scheduler interrupts a goroutine after ten milliseconds, and looks at the network only when nothing else is
// ready to run: on one core a request that would be answered in 50 µs stands behind every computation, and a
// computation that yields with runtime.Gosched is itself what is ready to run. Whoever waits for a byte from the
// network's side instead comes back when everything that was ready has run and the network has been looked at.
package turn

import (
	"os"
	"runtime"
)

// Give returns when everything that was ready to run on this core has had its turn, and so has whatever came in from
// the network until then. Alone it costs a few microseconds: once in a millisecond of computing is nothing.
func Give() {
	var b *bell
	select {
	case b = <-idle:
	default:
		b = newBell()
	}
	if b == nil {
		runtime.Gosched()
		return
	}
	b.wait()
	runtime.Gosched() // what came from the network with the bell may stand behind it
	select {
	case idle <- b:
	default:
		b.close()
	}
}

// idle keeps the bells that nobody waits for. More than these wait at once only on large machines.
var idle = make(chan *bell, 4)

// bell is a pipe to oneself. Another goroutine writes to it, after whoever waits has begun to wait.
type bell struct {
	in, out *os.File
	ring    chan struct{}
}

func newBell() *bell {
	in, out, err := os.Pipe()
	if err != nil {
		return nil // no file may be opened any more: there are worse troubles
	}
	b := &bell{in: in, out: out, ring: make(chan struct{}, 1)}
	go func() {
		for range b.ring {
			_, _ = b.out.Write([]byte{0}) // into a pipe that is empty and open
		}
	}()
	return b
}

func (b *bell) wait() {
	b.ring <- struct{}{}
	_, _ = b.in.Read(make([]byte, 1))
}

func (b *bell) close() {
	close(b.ring)
	_ = b.in.Close()
	_ = b.out.Close()
}
