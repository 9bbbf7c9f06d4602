package figures

import (
	"encoding/json"
	"fmt"
	"os"
)

// Report is everything one command measured, as its JSON file holds it.
type Report struct {
	Peer     string   `json:"peer"`    // with what it was built from, as far as that is known
	Form     string   `json:"form"`    // "short" or "long"
	Started  string   `json:"started"` // RFC 3339, UTC
	Machine  Machine  `json:"machine"`
	Baseline Baseline `json:"baseline"`
	Results  []Result `json:"results"`
	Notes    []string `json:"notes,omitempty"`
}

// Machine says where it was measured and how quiet it was there.
type Machine struct {
	CPU        string  `json:"cpu"`
	Cores      int     `json:"cores"`
	Memory     int64   `json:"memory_bytes"`
	Kernel     string  `json:"kernel"`
	Go         string  `json:"go"`
	FileSystem string  `json:"file_system"` // of the data folder
	Pinned     bool    `json:"pinned"`      // server on one core, driver on another
	LoadBefore float64 `json:"load_before"` // one-minute load average
	LoadAfter  float64 `json:"load_after"`
	Foreign    float64 `json:"foreign_cpu"` // CPU that other programs used meanwhile, in cores
}

// Noisy is from how much CPU of other programs on, in cores, a report is marked as not quiet.
const Noisy = 0.10

// Quiet tells whether other programs left the machine alone.
func (m Machine) Quiet() bool { return m.Foreign < Noisy }

// Baseline is what the disk did by itself in this run, on the file system of the data folder.
type Baseline struct {
	Fsyncs float64 `json:"fsyncs_per_second"` // 512 bytes appended, then fdatasync
}

// Save writes the report as JSON.
func (r *Report) Save(file string) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("save the report: %w", err)
	}
	return nil
}

// Open reads a report that Save wrote.
func Open(file string) (*Report, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the report: %w", err)
	}
	var r Report
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("%s is not a report: %w", file, err)
	}
	return &r, nil
}
