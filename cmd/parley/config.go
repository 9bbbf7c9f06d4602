package main

import (
	"context"
	"fmt"
)

// runConfig prints the settings that serve would run with, also when they cannot work: then it says why below.
func runConfig(_ context.Context, args []string, s streams) error {
	c, rest, err := load("config", args, nil, s)
	if err != nil {
		return err
	}
	if err := alone(rest); err != nil {
		return err
	}
	c.Print(s.out)
	if err := c.Check(); err != nil {
		return fmt.Errorf("these settings cannot be served:\n%w", err)
	}
	return nil
}
