package transfer

import (
	"context"
	"hash/maphash"

	"parley"
)

// dryWriter takes records in for a dry run and answers as a [Writer] does. It keeps some thirty bytes a
// record, under a hash of what the record is.
type dryWriter struct {
	seed maphash.Seed
	ids  *parley.IDs
	rows map[uint64]dryRow
}

type dryRow struct {
	id    parley.ID
	story parley.ID // of comments
}

func newDryWriter(now parley.Time) *dryWriter {
	ids := parley.NewIDs(0, func() parley.Time { return now })
	return &dryWriter{seed: maphash.MakeSeed(), ids: ids, rows: map[uint64]dryRow{}}
}

func (d *dryWriter) Story(_ context.Context, r StoryRecord) (parley.ID, bool, error) {
	row, created := d.take(dryRow{}, r.PublishedAt, "story", "", r.URL)
	return row.id, created, nil
}

func (d *dryWriter) Reader(_ context.Context, r ReaderRecord) (parley.ID, bool, error) {
	row, created := d.take(dryRow{}, r.Since, "reader", r.Source, r.SourceID)
	return row.id, created, nil
}

func (d *dryWriter) Comment(_ context.Context, r CommentRecord) (parley.ID, bool, error) {
	row, created := d.take(dryRow{story: r.Story}, r.At, "comment", r.Source, r.SourceID)
	if row.story != r.Story {
		return 0, false, parley.Errorf(parley.CodeParentElsewhere, "This comment is under another story.")
	}
	return row.id, created, nil
}

// take gives the row kept under the key, and keeps row when there is none.
func (d *dryWriter) take(row dryRow, at parley.Time, kind, source, sourceID string) (dryRow, bool) {
	key := maphash.Comparable(d.seed, [3]string{kind, source, sourceID})
	if known, ok := d.rows[key]; ok {
		return known, false
	}
	row.id = d.ids.At(at)
	d.rows[key] = row
	return row, true
}
