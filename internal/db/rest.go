package db

// Rest closes the reading connections that nobody uses just now but one, with their page caches and prepared
// statements: some ten megabytes each time many read at once. Those that are needed again are opened again, in about
// a millisecond. It does nothing on PostgreSQL, whose connections keep nothing here.
func (d *DB) Rest() {
	if d.engine != SQLite {
		return
	}
	kept := false
	for range cap(d.readers) {
		select {
		case <-d.readers:
		default:
			return // somebody reads after all
		}
		c := d.resting.take()
		switch {
		case c == nil:
		case !kept:
			kept = true
			defer d.resting.put(c)
		default:
			c.bad = true // or it would rest in the pool
			c.close()
		}
		defer func() { d.readers <- struct{}{} }()
		if c == nil {
			return
		}
	}
}
