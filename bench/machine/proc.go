// Package machine holds what a measurement asks of the machine: programs on cores of their own, what they
// used, and how busy everything else was. It reads Linux' /proc and pins with taskset.
package machine

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of CPU times in /proc: USER_HZ, which is 100 on every architecture that Go runs on.
const tick = 10 * time.Millisecond

// CPU gives the user and system time that a process and its children have used so far, where the kernel tells only
// that in the steps of 10 ms of utime and stime in proc(5). What a child that has ended used is not in it.
func CPU(pid int) (time.Duration, error) {
	sum, err := ownCPU(pid)
	for _, child := range childrenOf(pid) {
		if used, err := ownCPU(child); err == nil { // else it has just ended
			sum += used
		}
	}
	return sum, err
}

func ownCPU(pid int) (time.Duration, error) {
	if used, ok := clock(pid); ok {
		return used, nil
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("read CPU time: %w", err)
	}
	return cpuOf(string(text))
}

// cpuOf reads a line of /proc/PID/stat. The program's name, in brackets, may hold anything.
func cpuOf(stat string) (time.Duration, error) {
	_, rest, found := strings.Cut(stat[strings.LastIndexByte(stat, ')')+1:], " ")
	fields := strings.Fields(rest)
	if !found || len(fields) < 13 {
		return 0, fmt.Errorf("read CPU time: %q", stat)
	}
	var sum time.Duration
	for _, field := range fields[11:13] { // the 14th and 15th of the line
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read CPU time: %w", err)
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}

// Memory gives the resident memory of a process and its children, in bytes.
func Memory(pid int) (int64, error) {
	sum, err := ownMemory(pid)
	for _, child := range childrenOf(pid) {
		if n, err := ownMemory(child); err == nil {
			sum += n
		}
	}
	return sum, err
}

func ownMemory(pid int) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("read memory: %w", err)
	}
	return kilobytes(string(text), "VmRSS:")
}

// kilobytes finds a line such as "VmRSS:  1234 kB" and gives bytes.
func kilobytes(text, name string) (int64, error) {
	_, rest, _ := strings.Cut(text, name)
	fields := strings.Fields(rest)
	if len(fields) < 2 || fields[1] != "kB" {
		return 0, fmt.Errorf("no %s in /proc", name)
	}
	n, err := strconv.ParseInt(fields[0], 10, 64)
	return n << 10, err
}

// Cores is what the machine's cores have done since it started.
type Cores map[string]core

type core struct{ busy, all time.Duration }

// ReadCores takes stock of all cores.
func ReadCores() (Cores, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return nil, fmt.Errorf("read cores: %w", err)
	}
	return coresOf(string(text))
}

func coresOf(stat string) (Cores, error) {
	cores := Cores{}
	for line := range strings.Lines(stat) {
		fields := strings.Fields(line)
		if len(fields) < 9 || !strings.HasPrefix(fields[0], "cpu") {
			continue
		}
		var c core
		for i, field := range fields[1:9] { // user nice system idle iowait irq softirq steal
			n, err := strconv.ParseInt(field, 10, 64)
			if err != nil {
				return nil, fmt.Errorf("read cores: %w", err)
			}
			c.all += time.Duration(n) * tick
			if i != 3 && i != 4 {
				c.busy += time.Duration(n) * tick
			}
		}
		cores[fields[0]] = c
	}
	if len(cores) < 2 {
		return nil, fmt.Errorf("no cores in /proc/stat")
	}
	return cores, nil
}

// Busy gives the share of time since before in which one core was not idle, 0 to 1.
func (c Cores) Busy(before Cores, number int) float64 {
	name := fmt.Sprintf("cpu%d", number)
	now, then := c[name], before[name]
	if now.all <= then.all {
		return 0
	}
	return float64(now.busy-then.busy) / float64(now.all-then.all)
}

// Used gives the CPU that all cores together spent since before.
func (c Cores) Used(before Cores) time.Duration { return c["cpu"].busy - before["cpu"].busy }
