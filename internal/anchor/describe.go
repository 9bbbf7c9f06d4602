package anchor

// Describe makes a quote of the text from start to end (code points; white space at either end is left out), with
// the text around it. Of an empty piece Exact is empty.
func (t *Text) Describe(start, end int) Quote {
	start, end = max(0, start), min(t.Len(), end)
	for start < end && t.runes[start] == ' ' {
		start++
	}
	for start < end && t.runes[end-1] == ' ' {
		end--
	}
	if start >= end {
		return Quote{}
	}
	return Quote{t.Slice(start, end), t.Slice(start-32, start), t.Slice(end, end+32), start, end, true}
}

// Carry finds the passages of old in a later version of it.
func Carry(old, later *Text, qs []Quote) []Place { return later.FindAll(qs) }
