package machine

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"parley/bench/figures"
)

func TestCPUOf(t *testing.T) {
	const line = "4242 (a (bad) name) S 1 4242 4242 0 -1 4194560 900 0 0 0 1234 66 7 8 20 0 9 0 1000 2000 3000"
	got, err := cpuOf(line)
	if err != nil || got != 13*time.Second {
		t.Errorf("%v %v, want 13s", got, err)
	}
	for _, broken := range []string{"", "4242 (x)", "4242 (x) S 1 2 3", strings.Replace(line, "1234", "many", 1)} {
		if got, err := cpuOf(broken); err == nil {
			t.Errorf("%q gives %v", broken, got)
		}
	}
}

func TestCores(t *testing.T) {
	before, err := coresOf("cpu  100 0 100 800 0 0 0 0 0 0\ncpu0 50 0 50 400 0 0 0 0 0 0\ncpu1 50 0 50 400 0 0 0 0 0 0\nintr 1 2 3\n")
	if err != nil {
		t.Fatal(err)
	}
	after, err := coresOf("cpu  190 0 110 900 0 0 0 0 0 0\ncpu0 130 0 60 400 10 0 0 0 0 0\ncpu1 60 0 50 490 0 0 0 0 0 0\n")
	if err != nil {
		t.Fatal(err)
	}
	if got := after.Busy(before, 0); got != 0.9 {
		t.Errorf("core 0 was busy %v, want 0.9", got)
	}
	if got := after.Busy(before, 1); got != 0.1 {
		t.Errorf("core 1 was busy %v, want 0.1", got)
	}
	if got := after.Used(before); got != time.Second {
		t.Errorf("all used %v, want 1s", got)
	}
	if _, err := coresOf("nothing of the kind\n"); err == nil {
		t.Error("no cores are no error")
	}
}

// TestMeter measures this very process while it works.
func TestMeter(t *testing.T) {
	m, err := NewMeter(os.Getpid(), 0)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("no /proc here")
	}
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for begun := time.Now(); time.Since(begun) < 60*time.Millisecond; {
		for i := range 1000 {
			sum += i
		}
	}
	var r figures.Run
	if err := m.Stop(&r); err != nil {
		t.Fatal(err)
	}
	if r.CPU <= 0 || r.CPU > 10 || r.Memory < 1<<20 || sum == 0 {
		t.Errorf("%+v", r)
	}
	if _, err := NewMeter(1<<30, 0); err == nil {
		t.Error("a process that is not there was measured")
	}
}

// TestStart runs a program that names its address, one that does not, and one under another.
func TestStart(t *testing.T) {
	sh := func(script string) Command {
		return Command{Path: "/bin/sh", Args: []string{"-c", script}, Core: 0}
	}
	p, err := Start(t.Context(), sh(`trap 'exit 0' TERM; echo "It listens at http://127.0.0.1:1234/"; while :; do sleep 0.05; done`))
	if err != nil {
		t.Fatal(err)
	}
	if p.Base != "http://127.0.0.1:1234" || p.PID == 0 {
		t.Errorf("%q %d", p.Base, p.PID)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if _, err := Start(t.Context(), sh(`echo oh no >&2; exit 3`)); err == nil || !strings.Contains(err.Error(), "oh no") {
		t.Errorf("a program that ends at once: %v", err)
	}
	under := sh(`echo http://127.0.0.1:1; exec sleep 60`)
	under.Under = []string{"/bin/sh", "-c", `"$@"; exit 0`, "sh"}
	if p, err = Start(t.Context(), under); err != nil {
		t.Fatal(err)
	}
	if p.PID == p.command.Process.Pid {
		t.Error("the child was not found")
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
}
