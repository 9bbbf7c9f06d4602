package config

import "time"

const (
	// drainBesideOthers is two looks of a load balancer that asks for readiness each second. With what follows it
	// makes less than five seconds for a whole stop.
	drainBesideOthers = 2 * time.Second
	// longestDrain leaves room for what follows within the ninety seconds after which supervisors kill.
	longestDrain = time.Minute
)

// DrainFor gives how long the server goes on serving once it is told to stop. Nobody takes over from a server with
// SQLite, so by itself it does not wait.
func (c Config) DrainFor() time.Duration {
	if drain, err := time.ParseDuration(c.Drain); err == nil {
		return drain
	}
	if c.SQLite() || c.command != "serve" {
		return 0
	}
	return drainBesideOthers
}

func (c Config) checkDrain() error {
	if c.Drain == "" {
		return nil
	}
	switch drain, err := time.ParseDuration(c.Drain); {
	case err != nil:
		return c.problem("drain", "%s is not a time such as 3s or 500ms", quote(c.Drain))
	case drain < 0 || drain > longestDrain:
		return c.problem("drain", "%s is not between 0s and %s", c.Drain, longestDrain)
	}
	return nil
}
