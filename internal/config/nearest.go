package config

// nearest gives the name that a mistyped one most likely meant, or "" when none
// is close: at most half of its letters may differ.
func nearest(typed string, names []string) string {
	best, least := "", len(typed)/2+1
	for _, name := range names {
		if d := distance(typed, name); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance counts the single letters to insert, remove or replace to turn a
// into b (Levenshtein 1966).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// didYouMean is the end of a sentence about a mistyped name.
func didYouMean(prefix, typed string, names []string) string {
	if name := nearest(typed, names); name != "" {
		return "; did you mean " + prefix + name + "?"
	}
	return ""
}
