package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScripts plays what somebody types at a console: the commands that end by themselves.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: true})
}
