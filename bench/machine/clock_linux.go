package machine

import (
	"syscall"
	"time"
	"unsafe"
)

// clock reads the CPU clock of a process, to the nanosecond: its number is made of the PID as clock_getcpuclockid(3)
// makes it (CPUCLOCK_SCHED of the whole process). ok is false where the kernel does not give it.
func clock(pid int) (used time.Duration, ok bool) {
	const scheduled, most = 2, 1 << 22 // the kernel's PID_MAX_LIMIT
	if pid <= 0 || pid > most {
		return 0, false
	}
	number := uintptr(^int32(pid))<<3 | scheduled
	var t syscall.Timespec
	_, _, failed := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, number, uintptr(unsafe.Pointer(&t)), 0)
	return time.Duration(t.Nano()), failed == 0
}
