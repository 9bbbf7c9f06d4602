package move

// SetBatch makes transactions of the target as small as tests need them.
func SetBatch(rows int) { batchRows = rows }
