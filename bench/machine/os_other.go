//go:build !unix

package machine

import (
	"os"
	"time"
)

const pinned = "PARLEY_BENCH_PINNED"

// Pin says that this system cannot pin.
func Pin(int) (done bool, why string) {
	return false, "programs cannot be pinned on this system: server and driver share all cores"
}

func ownUse() time.Duration { return 0 }

func ask(started *os.Process, _ int) { _ = started.Signal(os.Interrupt) }
