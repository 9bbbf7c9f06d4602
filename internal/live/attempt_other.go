//go:build !unix

package live

import "syscall"

// attempt is one write that does not wait, which is not known how to make here.
type attempt struct{}

// try writes nothing: everything is left to a goroutine that may wait.
func (*attempt) try(syscall.RawConn, []byte) (sent int, err error) { return 0, nil }
