// Package hashing computes password hashes in processes of their own, at a lower priority.
//
// One Argon2id hash asks for 19 MiB and then keeps its core for tens of milliseconds. In the server itself that makes
// garbage which every other request helps to collect, and Go's scheduler lets others have the core only each ten
// milliseconds. The system's scheduler does it at once, knows priorities, and leaves the server's memory alone.
package hashing

import (
	"encoding/gob"
	"io"
	"runtime/debug"
	"time"

	"golang.org/x/crypto/argon2"
)

// Params are what one hash costs, as RFC 9106 section 3.1 names it.
type Params struct {
	Passes uint32
	Memory uint32 // KiB
	Lanes  uint8
	Length uint32 // of the key, bytes
}

// Key computes a hash in this process.
func (p Params) Key(password, salt []byte) []byte {
	return argon2.IDKey(password, salt, p.Passes, p.Memory, p.Lanes, p.Length)
}

// question is what a server asks for; the answer is the key.
type question struct {
	Password, Salt []byte
	Params         Params
}

// rest is how long after a hash its memory goes back to the system: not while others follow.
const rest = time.Second

// Serve answers what is asked on in, one after the other, until that ends: with the process that asks.
func Serve(in io.Reader, out io.Writer) error {
	giveWay()
	questions, answers := gob.NewDecoder(in), gob.NewEncoder(out)
	tidy := time.AfterFunc(rest, debug.FreeOSMemory)
	for {
		var q question
		if err := questions.Decode(&q); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		tidy.Stop()
		if err := answers.Encode(q.Params.Key(q.Password, q.Salt)); err != nil {
			return err
		}
		tidy.Reset(rest)
	}
}
