package journal

// Sessions tells, for each cookie that was acknowledged, whether it must still be good. Cookies whose end was asked
// for without an answer are left out: they may be either.
func Sessions(entries []Entry) map[string]bool {
	all := map[string]bool{}
	for i := range entries {
		switch e := &entries[i]; {
		case e.Kind == SignIn && e.Outcome() == Acknowledged:
			all[e.session()] = true
		case e.Kind == SignOut && e.Outcome() == Acknowledged:
			all[e.Subject] = false
		case e.Kind == SignOut:
			delete(all, e.Subject)
		}
	}
	return all
}
