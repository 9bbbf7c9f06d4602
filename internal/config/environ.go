package config

import (
	"fmt"
	"strings"
)

// testPrefix marks variables that only the tests read; they may stay set.
const testPrefix = envPrefix + "TEST_"

// readEnviron gives the values in the environment, and a warning for every
// PARLEY_ variable that nothing reads. An empty variable counts as not set, as
// compose files cannot leave one out.
func readEnviron(environ []string) (map[string]given, []string) {
	found := map[string]given{}
	var names, warnings []string
	for _, f := range fields {
		names = append(names, strings.TrimPrefix(f.env, envPrefix))
	}
	for _, entry := range environ {
		name, text, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(name, envPrefix) || strings.HasPrefix(name, testPrefix) {
			continue
		}
		f, ok := byName(name)
		if !ok {
			hint := didYouMean(envPrefix, strings.TrimPrefix(name, envPrefix), names)
			warnings = append(warnings, fmt.Sprintf("environment %s is not known and has no effect%s", quote(name), hint))
			continue
		}
		if text != "" {
			place := "environment " + name
			found[f.name] = given{text, place, place}
		}
	}
	return found, warnings
}
