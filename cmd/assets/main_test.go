package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// The committed bundles are those of the sources: whoever changes browser/ runs this command.
func TestDistIsCurrent(t *testing.T) {
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	files, err := bundle(root)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(filepath.Join(root, dist))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if files[entry.Name()] == nil {
			t.Errorf("%s is left over: run go run ./cmd/assets", entry.Name())
		}
	}
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(root, dist, name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what browser/ gives: run go run ./cmd/assets (%v)", name, err)
		}
	}
}
