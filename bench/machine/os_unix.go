//go:build unix

package machine

import (
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// pinned marks a process that has pinned itself already.
const pinned = "PARLEY_BENCH_PINNED"

// Pin starts this program again on one core, with the same arguments; it returns only when that has been done,
// or is not possible, with the reason.
func Pin(core int) (done bool, why string) {
	if os.Getenv(pinned) != "" {
		return true, ""
	}
	if runtime.NumCPU() < 2 {
		return false, "there is only one core: server and driver share it"
	}
	taskset, err := exec.LookPath("taskset")
	if err != nil {
		return false, "taskset is not installed: server and driver share all cores"
	}
	self, err := os.Executable()
	if err != nil {
		return false, err.Error()
	}
	err = syscall.Exec(taskset, append([]string{"taskset", "-c", strconv.Itoa(core), self}, os.Args[1:]...), append(os.Environ(), pinned+"=1"))
	return false, "taskset: " + err.Error()
}

// ownUse gives the CPU that this process and those it started, as far as they have ended, have used.
func ownUse() (sum time.Duration) {
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return sum
}

// ask asks a process to end, and the one that it runs for us if that is another.
func ask(started *os.Process, pid int) {
	if pid != 0 && pid != started.Pid {
		_ = syscall.Kill(pid, syscall.SIGTERM)
		return
	}
	_ = started.Signal(syscall.SIGTERM)
}
