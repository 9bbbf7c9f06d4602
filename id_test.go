package parley_test

import (
	"encoding/json"
	"sync"
	"testing"

	"parley"
)

func TestIDsGrowEvenWhenTheClockGoesBack(t *testing.T) {
	now := parley.Time(1_800_000_000_000)
	ids := parley.NewIDs(3, func() parley.Time { return now })
	last := ids.Next()
	for i := range 20_000 {
		if i == 5_000 {
			now -= 60_000
		}
		if i == 15_000 {
			now += 120_000
		}
		next := ids.Next()
		if next <= last {
			t.Fatalf("id %d after %d", next, last)
		}
		last = next
	}
	if ahead := last.Time() - now; ahead < 0 || ahead > 2 { // a millisecond has room for 4,096
		t.Errorf("the id says %d, the clock %d", last.Time(), now)
	}
}

func TestNodesNeverMakeTheSameID(t *testing.T) {
	now := func() parley.Time { return 1_800_000_000_000 }
	var mu sync.Mutex
	seen := map[parley.ID]bool{}
	var making sync.WaitGroup
	for _, node := range []int{0, 1, parley.MaxNode} {
		ids := parley.NewIDs(node, now)
		making.Go(func() {
			for range 3_000 {
				for _, id := range []parley.ID{ids.Next()} {
					mu.Lock()
					if seen[id] {
						t.Errorf("node %d made %s again", node, id)
					}
					seen[id] = true
					mu.Unlock()
				}
			}
		})
	}
	making.Wait()
}

func TestIDsOfThePastSortByTheirTime(t *testing.T) {
	ids := parley.NewIDs(0, func() parley.Time { return 1_800_000_000_000 })
	old, older, live := ids.At(1_200_000_000_000), ids.At(1_100_000_000_000), ids.Next()
	if older >= old || old >= live {
		t.Errorf("%s, %s, %s are not in the order of their times", older, old, live)
	}
	if ancient := ids.At(1); ancient <= 0 {
		t.Errorf("a moment before 2000 gave %s", ancient)
	}
	if floor := parley.IDFloor(1_200_000_000_000); old < floor || older >= floor {
		t.Errorf("floor %s does not part %s from %s", floor, older, old)
	}
}

func TestIDsAreStringsInJSON(t *testing.T) {
	var pair struct{ A, B parley.ID }
	if err := json.Unmarshal([]byte(`{"A":"9007199254740993","B":null}`), &pair); err != nil || pair.A != 9007199254740993 || pair.B != 0 {
		t.Fatalf("%+v, %v", pair, err)
	}
	out, err := json.Marshal(pair)
	if err != nil || string(out) != `{"A":"9007199254740993","B":null}` {
		t.Errorf("%s, %v", out, err)
	}
	for _, wrong := range []string{`12`, `"012"`, `"-1"`, `"+1"`, `"0"`, `" 1"`, `"1e3"`, `"9223372036854775808"`, `""`, `"١"`} {
		var id parley.ID
		if err := json.Unmarshal([]byte(wrong), &id); err == nil {
			t.Errorf("%s was read as %s", wrong, id)
		}
	}
}

func TestTimesInJSON(t *testing.T) {
	out, err := json.Marshal([]parley.Time{0, 1_763_888_000_123})
	if err != nil || string(out) != `[null,"2025-11-23T08:53:20.123Z"]` {
		t.Errorf("%s, %v", out, err)
	}
}
