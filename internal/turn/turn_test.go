package turn_test

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"parley/internal/turn"
)

// TestTheNetworkHasItsTurn has one core compute, and a goroutine wait for a byte. That byte must be read while the
// core computes, and before Go would interrupt it.
func TestTheNetworkHasItsTurn(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	in, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	defer out.Close()
	var read atomic.Int64
	var waiting, ended sync.WaitGroup
	waiting.Add(1)
	ended.Go(func() {
		waiting.Done()
		for b := make([]byte, 1); ; read.Add(1) {
			if _, err := in.Read(b); err != nil || b[0] == 'z' {
				return
			}
		}
	})
	waiting.Wait()
	for n := range int64(100) {
		if _, err := out.Write([]byte{'a'}); err != nil {
			t.Fatal(err)
		}
		const most = 20 // the first turn may be the system's
		for range most {
			if turn.Give(); read.Load() > n {
				break
			}
		}
		if read.Load() != n+1 {
			t.Fatalf("byte %d was not read although the core was given away %d times", n, most)
		}
	}
	if _, err := out.Write([]byte{'z'}); err != nil {
		t.Fatal(err)
	}
	ended.Wait()
}

func TestManyGiveAtOnce(t *testing.T) {
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 100 {
				turn.Give()
			}
		})
	}
	all.Wait()
}

func BenchmarkGive(b *testing.B) {
	for b.Loop() {
		turn.Give()
	}
}
