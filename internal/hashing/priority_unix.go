//go:build unix

package hashing

import (
	"os/exec"
	"syscall"
)

// lower is by how much these processes stand behind the server (setpriority(2)): where both want all of a core, they get
// a quarter of it.
const lower = 5

// apart makes a process the first of a group: Ctrl+C at the server's terminal is not for it, and its threads can be
// named together.
func apart(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// giveWay lowers the priority of this process, if it is apart, with all its threads: Linux counts them one by one.
func giveWay() {
	if syscall.Getpgrp() == syscall.Getpid() {
		_ = syscall.Setpriority(syscall.PRIO_PGRP, 0, lower) // whoever may not be slower is as fast as before
	}
}
