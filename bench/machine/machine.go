package machine

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"parley/bench/figures"
)

// Watch notes how a machine is used from its start on.
type Watch struct {
	began  time.Time
	cores  Cores
	before float64
}

// StartWatch begins to watch. It fails where there is no /proc.
func StartWatch() (*Watch, error) {
	cores, err := ReadCores()
	return &Watch{began: time.Now(), cores: cores, before: load()}, err
}

// Describe gives the machine as it was since StartWatch. Programs that this process started must have ended:
// what they used is theirs, the rest is foreign.
func (w *Watch) Describe(folder string, pinned bool) figures.Machine {
	m := figures.Machine{
		CPU: cpuName(), Cores: runtime.NumCPU(), Kernel: strings.TrimSpace(read("/proc/sys/kernel/osrelease")), Go: runtime.Version(),
		FileSystem: fileSystem(folder), Pinned: pinned, LoadBefore: w.before, LoadAfter: load(),
	}
	m.Memory, _ = kilobytes(read("/proc/meminfo"), "MemTotal:")
	if cores, err := ReadCores(); err == nil {
		m.Cores = len(cores) - 1 // this process may be pinned to fewer
		foreign := cores.Used(w.cores) - ownUse()
		m.Foreign = max(0, foreign.Seconds()/time.Since(w.began).Seconds())
	}
	return m
}

func read(file string) string {
	text, _ := os.ReadFile(file) // what cannot be read is left out of the description
	return string(text)
}

func cpuName() string {
	_, rest, _ := strings.Cut(read("/proc/cpuinfo"), "model name")
	line, _, _ := strings.Cut(rest, "\n")
	return strings.TrimLeft(line, "\t :")
}

func load() float64 {
	first, _, _ := strings.Cut(read("/proc/loadavg"), " ")
	n, _ := strconv.ParseFloat(first, 64)
	return n
}

// fileSystem names the type of the file system that holds a folder: that of the longest mount point above it.
func fileSystem(folder string) string {
	whole, err := filepath.EvalSymlinks(folder)
	if err != nil {
		return ""
	}
	kind, longest := "", -1
	for line := range strings.Lines(read("/proc/mounts")) {
		fields := strings.Fields(line)
		if len(fields) < 3 || len(fields[1]) < longest {
			continue
		}
		if point := fields[1]; point == "/" || whole == point || strings.HasPrefix(whole, point+"/") {
			kind, longest = fields[2], len(point)
		}
	}
	return kind
}
