package drive

import (
	"bytes"
	"context"
	_ "embed" // the script
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"parley/bench/figures"
)

//go:embed wrk.lua
var script string

// Wrk finds wrk; "" when it is not installed.
func Wrk() string {
	path, _ := exec.LookPath("wrk")
	return path
}

// Reads is load by connections that ask for the same few things over and over and look at no answer.
type Reads struct {
	Base        string
	Connections int
	For         time.Duration // wrk counts whole seconds
	Requests    []Request     // in turn
}

// Run puts the load on, by wrk when the path to it is given, by the driver of our own otherwise.
func (r Reads) Run(ctx context.Context, wrk string) (figures.Run, error) {
	if wrk == "" {
		return Closed{Base: r.Base, Connections: r.Connections, For: r.For, Source: InTurn(r.Base, r.Requests...)}.Run(ctx)[0], nil
	}
	folder, err := os.MkdirTemp("", "parley-wrk-")
	if err != nil {
		return figures.Run{}, err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "bench.lua")
	if err := os.WriteFile(file, []byte(r.script()), 0o600); err != nil {
		return figures.Run{}, err
	}
	command := exec.CommandContext(ctx, wrk, r.arguments(file)...)
	out, err := command.CombinedOutput()
	if err != nil {
		return figures.Run{}, fmt.Errorf("wrk: %w\n%s", err, out)
	}
	return parseWrk(out)
}

// arguments gives wrk's command line. One request goes there: wrk then sends it without asking the script.
func (r Reads) arguments(file string) []string {
	seconds := max(1, int((r.For + time.Second/2).Seconds()))
	args := []string{
		"-t", "1", "-c", strconv.Itoa(r.Connections), "-d", strconv.Itoa(seconds) + "s",
		"--timeout", strconv.Itoa(int(figures.Late.Seconds())) + "s", "-s", file,
	}
	if len(r.Requests) > 1 {
		return append(args, r.Base+"/")
	}
	for _, h := range r.Requests[0].Header {
		args = append(args, "-H", h[0]+": "+h[1])
	}
	return append(args, r.Base+r.Requests[0].Path)
}

func (r Reads) script() string {
	if len(r.Requests) == 1 {
		return script
	}
	text := bytes.NewBufferString(script)
	text.WriteString("local all, n = {\n")
	for _, one := range r.Requests {
		fmt.Fprintf(text, "%s,\n", quoted(one.Raw(Host(r.Base))))
	}
	text.WriteString("}, 0\nrequest = function() n = n % #all + 1 return all[n] end\n")
	return text.String()
}

// quoted gives bytes as a string of Lua's.
func quoted(raw []byte) string {
	var b bytes.Buffer
	b.WriteByte('"')
	for _, c := range raw {
		if c < 0x20 || c > 0x7e || c == '"' || c == '\\' {
			fmt.Fprintf(&b, "\\%03d", c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// parseWrk reads the line that the script printed among wrk's own words. Latencies are microseconds there.
// Requests are all that were answered, those with a status from 400 on and those too late included.
func parseWrk(out []byte) (figures.Run, error) {
	const mark = "parley-bench "
	i := bytes.LastIndex(out, []byte(mark))
	if i < 0 {
		return figures.Run{}, fmt.Errorf("wrk printed no summary:\n%s", out)
	}
	var got struct {
		Requests, Micros                      int64
		Connect, Read, Write, Status, Timeout int64
		P50, P95, P99                         float64
	}
	if err := json.NewDecoder(bytes.NewReader(out[i+len(mark):])).Decode(&got); err != nil {
		return figures.Run{}, fmt.Errorf("wrk's summary cannot be read: %w\n%s", err, out)
	}
	const perMilli = 1000
	return figures.Run{
		Seconds:  float64(got.Micros) / 1e6,
		Requests: max(0, got.Requests-got.Status-got.Timeout),
		Errors:   got.Connect + got.Read + got.Write + got.Status + got.Timeout,
		P50:      got.P50 / perMilli, P95: got.P95 / perMilli, P99: got.P99 / perMilli,
	}, nil
}
