//go:build unix

package live

import "syscall"

// attempt is one write that does not wait.
type attempt struct {
	text []byte
	sent int
	err  error
	once func(fd uintptr) bool
}

// try writes as much as the system takes at once. A connection that takes nothing is no error.
func (a *attempt) try(raw syscall.RawConn, text []byte) (sent int, err error) {
	if len(text) == 0 {
		return 0, nil
	}
	if a.once == nil {
		a.once = a.write
	}
	a.text, a.sent, a.err = text, 0, nil
	err = raw.Write(a.once)
	a.text = nil
	if err == nil {
		err = a.err
	}
	return a.sent, err
}

func (a *attempt) write(fd uintptr) bool {
	for {
		n, err := syscall.Write(int(fd), a.text)
		switch err {
		case nil:
			a.sent = n
		case syscall.EINTR:
			continue
		case syscall.EAGAIN:
		default:
			a.err = err
		}
		return true // whatever came of it: nobody waits here
	}
}
