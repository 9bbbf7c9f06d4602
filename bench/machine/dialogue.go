package machine

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// Dialogue is a running program that answers each JSON value on its standard input with one on its output.
type Dialogue struct {
	PID int

	command *exec.Cmd
	in      io.WriteCloser
	out     *json.Decoder
	said    *tail
}

// Converse starts a program.
func Converse(ctx context.Context, c Command) (*Dialogue, error) {
	words := append(append(c.pin(), c.Path), c.Args...)
	d := &Dialogue{command: exec.CommandContext(ctx, words[0], words[1:]...), said: &tail{}}
	d.command.Stderr = d.said
	d.command.Env = without(os.Environ(), pinned)
	var err error
	if d.in, err = d.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := d.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	d.out = json.NewDecoder(out)
	if err := d.command.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", words[0], err)
	}
	d.PID = d.command.Process.Pid
	return d, nil
}

// Ask sends a question and waits for the answer to it.
func (d *Dialogue) Ask(question, answer any) error {
	err := json.NewEncoder(d.in).Encode(question)
	if err == nil {
		err = d.out.Decode(answer)
	}
	if err != nil {
		return fmt.Errorf("%v: %w\n%s", d.command.Args, err, d.said)
	}
	return nil
}

// Close ends the dialogue, which ends the program, and waits for that.
func (d *Dialogue) Close() error {
	if err := d.in.Close(); err != nil {
		return err
	}
	if err := d.command.Wait(); err != nil {
		return fmt.Errorf("%v: %w\n%s", d.command.Args, err, d.said)
	}
	return nil
}
