package doctor

// Checks names every check that is one of a list, so that a test can ask for a case of each.
func Checks() (all []string) {
	for _, c := range counters {
		all = append(all, c.what)
	}
	for _, c := range strays {
		all = append(all, c.what)
	}
	return all
}
