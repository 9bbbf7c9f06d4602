package doctor

import (
	"bytes"
	"context"
	"fmt"

	"parley/internal/seal"
	"parley/internal/store"
)

// checkSeals makes the digest of every seal again from the events that it vouches for. What is damaged is named by
// the range of its seal; the ranges after it are still examined, each from the seal that is kept before it.
func (p *patient) checkSeals(ctx context.Context) error {
	all, err := p.seals(ctx)
	if err != nil {
		return fmt.Errorf("read the seals: %w", err)
	}
	f := Finding{What: "ranges of events that are not what was sealed: events in them were changed, added or taken out, or the seals were"}
	last := store.Seal{}
	for _, one := range all {
		broken := one.After != last.Upto
		if !broken {
			rows, err := p.Pool.QueryContext(ctx, `SELECT `+store.EventColumns+` FROM events WHERE id > $1 AND id <= $2 ORDER BY id`, one.After, one.Upto)
			if err != nil {
				return fmt.Errorf("read sealed events: %w", err)
			}
			digest, upto, _, err := seal.Fold(last.Digest, rows)
			if err != nil {
				return fmt.Errorf("read sealed events: %w", err)
			}
			broken = upto != one.Upto || !bytes.Equal(digest, one.Digest)
		}
		if broken {
			if f.Count++; len(f.Examples) < maxExamples {
				f.Examples = append(f.Examples, fmt.Sprintf("events %d to %d", last.Upto+1, one.Upto))
			}
		}
		last = one
	}
	if f.Count > 0 {
		p.find(f)
	}
	p.report.Sealed, p.report.Digest = last.Upto, last.Digest
	return nil
}

// seals reads them in order. There are a hundred for a million events.
func (p *patient) seals(ctx context.Context) (all []store.Seal, err error) {
	rows, err := p.Pool.QueryContext(ctx, `SELECT after, upto, digest FROM seals ORDER BY upto`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var one store.Seal
		if err := rows.Scan(&one.After, &one.Upto, &one.Digest); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
