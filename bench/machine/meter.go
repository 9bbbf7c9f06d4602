package machine

import (
	"time"

	"parley/bench/figures"
)

// Meter takes what a server used during one run.
type Meter struct {
	pid, core int
	began     time.Time
	cpu       time.Duration
	cores     Cores
}

// NewMeter begins to measure a process that is alone on a core. pid 0 is a server elsewhere, of which nothing
// but its answers can be known.
func NewMeter(pid, core int) (m *Meter, err error) {
	m = &Meter{pid: pid, core: core}
	if pid != 0 {
		if m.cpu, err = CPU(pid); err != nil {
			return nil, err
		}
	}
	m.cores, err = ReadCores()
	m.began = time.Now()
	return m, err
}

// Stop adds to a run what was used since NewMeter.
func (m *Meter) Stop(r *figures.Run) error {
	cores, err := ReadCores()
	if err != nil || m.pid == 0 {
		return err
	}
	r.Busy = cores.Busy(m.cores, max(m.core, 0))
	cpu, err := CPU(m.pid)
	if err != nil {
		return err
	}
	r.CPU = (cpu - m.cpu).Seconds()
	r.Memory, err = Memory(m.pid)
	return err
}
