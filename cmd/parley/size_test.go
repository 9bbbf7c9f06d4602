package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// largestProgram is how large the program may be without symbols: it is fetched over slow lines and kept beside others.
const largestProgram = 30 << 20

// TestTheProgramStaysSmall links what the tests have compiled already; with -trimpath, as it is released, it is a
// little smaller still. What makes it grow is found by: go tool nm -size -sort size.
func TestTheProgramStaysSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("links the program")
	}
	file := filepath.Join(t.TempDir(), "parley")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-ldflags=-s -w", "-o", file, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Size() > largestProgram {
		t.Errorf("the program has %d bytes, %d more than it may", info.Size(), info.Size()-largestProgram)
	}
}
