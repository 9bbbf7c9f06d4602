package bare

import (
	"encoding/json"
	"io"
	"os"
	"time"

	"parley/bench/figures"
)

// Where says where and for how many seconds to sync.
type Where struct {
	Dir     string  `json:"dir"`
	Seconds float64 `json:"seconds"`
}

// Sync appends 512 bytes to a file and syncs it, again and again, as long and where its input says: what the
// disk can do at best for somebody who waits for each commit. It prints a figures.Run.
func Sync(in io.Reader, out io.Writer) error {
	var where Where
	if err := json.NewDecoder(in).Decode(&where); err != nil {
		return err
	}
	file, err := os.CreateTemp(where.Dir, "bare-*.log")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	record := make([]byte, 512)
	var took []time.Duration
	begun := time.Now()
	for now := begun; now.Sub(begun).Seconds() < where.Seconds; {
		if _, err := file.Write(record); err != nil {
			return err
		}
		if err := file.Sync(); err != nil {
			return err
		}
		after := time.Now()
		took = append(took, after.Sub(now))
		now = after
	}
	return json.NewEncoder(out).Encode(figures.Run{
		Seconds: time.Since(begun).Seconds(), Requests: int64(len(took)),
		P50: figures.Percentile(took, 50), P99: figures.Percentile(took, 99),
	})
}
