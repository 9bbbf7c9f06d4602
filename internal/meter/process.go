package meter

import (
	"bytes"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
	"time"
)

// gauges and totals of Go's runtime, under the names that every dashboard of Go programs knows.
var fromRuntime = []struct{ name, kind, help, source string }{
	{"go_goroutines", "gauge", "Goroutines.", "/sched/goroutines:goroutines"},
	{"go_memstats_heap_inuse_bytes", "gauge", "Memory of live and not yet swept objects.", "/memory/classes/heap/objects:bytes"},
	{"go_memstats_sys_bytes", "gauge", "Memory taken from the system.", "/memory/classes/total:bytes"},
	{"go_memstats_alloc_bytes_total", "counter", "Memory allocated since the start.", "/gc/heap/allocs:bytes"},
	{"go_memstats_mallocs_total", "counter", "Allocations since the start.", "/gc/heap/allocs:objects"},
	{"go_gc_cycles_total", "counter", "Garbage collections.", "/gc/cycles/total:gc-cycles"},
	{"go_gc_cpu_seconds_total", "counter", "CPU time the garbage collector took.", "/cpu/classes/gc/total:cpu-seconds"},
	{"go_sync_mutex_wait_seconds_total", "counter", "Time that goroutines waited for locks.", "/sync/mutex/wait/total:seconds"},
}

// Process adds what is told about the program itself: its build, Go's runtime and, on Linux, what the system counts.
func (s *Set) Process() {
	s.Gauges("parley_build_info", "The build that runs; always 1.", func(put Series) {
		version, revision := "unknown", "unknown"
		if info, ok := debug.ReadBuildInfo(); ok {
			version = info.Main.Version
			for _, setting := range info.Settings {
				if setting.Key == "vcs.revision" {
					revision = setting.Value
				}
			}
		}
		put(1, "version", version, "revision", revision, "go", runtime.Version())
	})
	s.Gauge("go_gomaxprocs", "Threads that may run Go code at once.", func() float64 { return float64(runtime.GOMAXPROCS(0)) })
	for _, m := range fromRuntime {
		s.add(m.name, m.help, m.kind, func(p *page) { p.line(m.name, runtimeValue(m.source)) })
	}
	s.Counter("process_cpu_seconds_total", "User and system time.", func() float64 { return processStat().cpu })
	s.Gauge("process_resident_memory_bytes", "Memory that is in RAM.", func() float64 { return processStat().resident })
	s.Gauge("process_start_time_seconds", "When the program began, in seconds since 1970.", func() float64 { return float64(started.UnixMilli()) / 1000 })
	s.Gauge("process_open_fds", "Open files and connections.", openFiles)
	s.Gauge("process_max_fds", "The most that may be open.", maxFiles)
}

var started = time.Now()

func runtimeValue(source string) float64 {
	sample := []metrics.Sample{{Name: source}}
	metrics.Read(sample)
	switch v := sample[0].Value; v.Kind() {
	case metrics.KindUint64:
		return float64(v.Uint64())
	case metrics.KindFloat64:
		return v.Float64()
	}
	return 0
}

type stat struct{ cpu, resident float64 }

// ticks is the kernel's USER_HZ: 100 on every platform that Go runs on.
const ticks = 100

// processStat reads proc_pid_stat(5); zeroes where there is none.
func processStat() (s stat) {
	text, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return s
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:]) // from the third on; the name may hold spaces
	at := func(n int) float64 {
		if n-3 >= len(fields) {
			return 0
		}
		v, _ := strconv.ParseFloat(string(fields[n-3]), 64)
		return v
	}
	return stat{cpu: (at(14) + at(15)) / ticks, resident: at(24) * float64(os.Getpagesize())}
}

func openFiles() float64 {
	folder, err := os.Open("/proc/self/fd")
	if err != nil {
		return 0
	}
	defer folder.Close()
	names, _ := folder.Readdirnames(-1)
	return float64(len(names))
}

func maxFiles() float64 {
	text, _ := os.ReadFile("/proc/self/limits")
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "Max open files"); ok {
			v, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return v
		}
	}
	return 0
}
