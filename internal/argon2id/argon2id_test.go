package argon2id_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"sync"
	"testing"

	"golang.org/x/crypto/argon2"

	"parley/internal/argon2id"
)

func TestTheSameKeysAsTheLibrary(t *testing.T) {
	for _, p := range []argon2id.Params{
		{1, 8, 1}, {1, 64, 1}, {2, 64, 1}, {3, 70, 1}, {2, 1, 2}, {1, 256, 4}, {3, 300, 3}, {2, 1024, 16}, {2, 19_456, 1},
	} {
		for i, n := range []uint32{4, 32, 64, 65, 96, 200} {
			password, salt := []byte(fmt.Sprint("correct horse ", i)), []byte("sixteen bytes of "+fmt.Sprint(i))
			got := argon2id.Key(password, salt, p, n, func() {})
			want := argon2.IDKey(password, salt, p.Passes, p.Memory, p.Lanes, n)
			if !bytes.Equal(got, want) {
				t.Fatalf("%+v, %d bytes: %x, want %x", p, n, got, want)
			}
		}
	}
}

// TestKnownKey is a key that another implementation, the reference's, gave: argon2id, version 0x13.
func TestKnownKey(t *testing.T) {
	got := argon2id.Key([]byte("password"), []byte("somesalt"), argon2id.Params{Passes: 2, Memory: 1 << 16, Lanes: 1}, 32, func() {})
	const want = "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"
	if hex.EncodeToString(got) != want {
		t.Errorf("%x, want %s", got, want)
	}
}

func TestOthersHaveTheirTurn(t *testing.T) {
	p := argon2id.Params{Passes: 4, Memory: 64 << 10, Lanes: 1} // a quarter of a second
	rests := 0
	key := argon2id.Key([]byte("a"), []byte("12345678"), p, 32, func() { rests++ })
	if rests == 0 {
		t.Error("a hash kept its core from beginning to end")
	}
	if again := argon2id.Key([]byte("a"), []byte("12345678"), p, 32, func() {}); !bytes.Equal(again, key) {
		t.Error("memory that was used before changes the key")
	}
}

func TestManyAtOnce(t *testing.T) {
	p := argon2id.Params{Passes: 1, Memory: 512, Lanes: 1}
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			password := []byte(fmt.Sprint(i))
			for range 5 {
				if got := argon2id.Key(password, []byte("12345678"), p, 32, func() {}); !bytes.Equal(got, argon2.IDKey(password, []byte("12345678"), 1, 512, 1, 32)) {
					t.Errorf("key %d is wrong when others hash", i)
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkKey(b *testing.B) {
	p := argon2id.Params{Passes: 2, Memory: 19_456, Lanes: 1}
	b.Run("steps", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			argon2id.Key([]byte("a"), []byte("12345678"), p, 32, func() {})
		}
	})
	b.Run("library", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			argon2.IDKey([]byte("a"), []byte("12345678"), p.Passes, p.Memory, p.Lanes, 32)
		}
	})
}
