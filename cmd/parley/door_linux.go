package main

import "golang.org/x/sys/unix"

// onlyKnown is a program for the system (bpf(4), the classic kind) that lets nothing through which asks for a new
// connection: of the flags in the fourteenth byte of the TCP header (RFC 9293, section 3.1) SYN is set and ACK is not.
var onlyKnown = []unix.SockFilter{
	{Code: unix.BPF_LD | unix.BPF_B | unix.BPF_ABS, K: 13},
	{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: 0x12},
	{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: 0x02, Jt: 0, Jf: 1},
	{Code: unix.BPF_RET | unix.BPF_K, K: 0},
	{Code: unix.BPF_RET | unix.BPF_K, K: 0xffffffff},
}

// leaveOutside lets no connection begin any more. Those that have begun become complete.
func (d door) leaveOutside() error {
	return d.control(func(fd int) error {
		program := unix.SockFprog{Len: uint16(len(onlyKnown)), Filter: &onlyKnown[0]}
		return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &program)
	})
}

// crowded tells whether somebody stands before the door.
func (d door) crowded() (some bool) {
	_ = d.control(func(fd int) error {
		ask := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, err := unix.Poll(ask, 0)
		some = n > 0 && ask[0].Revents&unix.POLLIN != 0 || err == unix.EINTR
		return err
	})
	return some
}

func (d door) control(do func(fd int) error) (err error) {
	raw, err := d.SyscallConn()
	if err != nil {
		return err
	}
	if failed := raw.Control(func(fd uintptr) { err = do(int(fd)) }); failed != nil {
		return failed
	}
	return err
}
