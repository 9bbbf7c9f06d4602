package forum

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
)

// The ports that are tried lie below those that systems give to outgoing connections: one of those could take a
// port between two starts of a program.
const firstPort, lastPort = 20000, 32000

// FreePort gives a port of the loopback address that nothing listens on.
func FreePort() (int, error) {
	for range 100 {
		port := firstPort + rand.IntN(lastPort-firstPort)
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("a hundred ports from %d on are taken: %w", firstPort, errors.ErrUnsupported)
}
