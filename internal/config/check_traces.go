package config

import (
	"errors"
	"net/url"
	"strconv"
)

// checkTraces judges where traces go and how many.
func (c Config) checkTraces() error {
	var problems []error
	if c.Traces != "" {
		u, err := url.Parse(c.Traces)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
			problems = append(problems, c.problem("traces", "must be the address of a collector, such as http://127.0.0.1:4318"))
		}
	}
	if c.TracesRatio != "" {
		if ratio, err := strconv.ParseFloat(c.TracesRatio, 64); err != nil || !(ratio >= 0 && ratio <= 1) {
			problems = append(problems, c.problem("traces-ratio", "%s is not a number from 0 to 1", quote(c.TracesRatio)))
		}
	}
	if c.TracesFromProxies && len(c.TrustedProxies) == 0 {
		problems = append(problems, c.problem("traces-from-proxies", "has no effect without --trusted-proxies"))
	}
	return errors.Join(problems...)
}
