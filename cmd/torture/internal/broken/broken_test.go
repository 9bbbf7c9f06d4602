package broken_test

import (
	"path/filepath"
	"testing"

	"parley/cmd/torture/internal/broken"
)

// TestTheChangesFitTheSources fails when a line that a build breaks has been rewritten: then the build has to be
// written anew too, or the proof is lost unnoticed.
func TestTheChangesFitTheSources(t *testing.T) {
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range broken.All() {
		if _, err := b.Overlay(root, t.TempDir()); err != nil {
			t.Error(err)
		}
	}
}
