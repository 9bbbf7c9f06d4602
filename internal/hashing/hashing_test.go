package hashing

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
)

// TestMain lets the test's own program be the one that computes.
func TestMain(m *testing.M) {
	switch os.Args[len(os.Args)-1] {
	case "hash":
		if err := Serve(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "die":
		os.Exit(1)
	default:
		os.Exit(m.Run())
	}
}

var cheap = Params{Passes: 1, Memory: 64, Lanes: 1, Length: 32}

func asideTo(t *testing.T, how string) (*Aside, *bytes.Buffer) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	a := NewAside(slog.New(slog.NewTextHandler(&said, nil)), program, how)
	return a, &said
}

func TestTheSameKeysAside(t *testing.T) {
	a, said := asideTo(t, "hash")
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for j := range 10 {
				p := cheap
				p.Length = uint32(16 + j)
				password, salt := fmt.Append(nil, i, j), []byte("sixteen bytes of")
				if got, want := a.Key(password, salt, p), p.Key(password, salt); !bytes.Equal(got, want) {
					t.Errorf("%d, %d: %x, want %x", i, j, got, want)
				}
			}
		})
	}
	all.Wait()
	if said.Len() > 0 {
		t.Errorf("not aside: %s", said)
	}
	if n := len(a.idle); n < 1 || n > 4 {
		t.Errorf("%d processes for four at once", n)
	}
}

func TestWithoutAnother(t *testing.T) {
	want := cheap.Key([]byte("p"), []byte("saltsalt"))
	var none *Aside
	if got := none.Key([]byte("p"), []byte("saltsalt"), cheap); !bytes.Equal(got, want) {
		t.Errorf("in this process: %x", got)
	}
	a, said := asideTo(t, "die")
	if got := a.Key([]byte("p"), []byte("saltsalt"), cheap); !bytes.Equal(got, want) {
		t.Errorf("after the other died: %x", got)
	}
	if !strings.Contains(said.String(), "server's own process") {
		t.Errorf("nobody was told: %s", said)
	}
}

func TestProcessesEnd(t *testing.T) {
	a, _ := asideTo(t, "hash")
	a.Key([]byte("p"), []byte("saltsalt"), cheap)
	one := a.idle[0]
	a.dismiss(one)
	if len(a.idle) != 0 {
		t.Error("a bored process stays")
	}
	var rest []byte
	if err := one.hears.Decode(&rest); err == nil { // until its end of the pipe is closed
		t.Error("it says something nobody asked for")
	}
	a.dismiss(one) // twice does nothing
}
