package move_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/move"
)

// A process of its own that moves, so that it can be killed.
const (
	fromVariable = "PARLEY_TEST_MOVE_FROM"
	toVariable   = "PARLEY_TEST_MOVE_TO"
)

func TestMain(m *testing.M) {
	if from := os.Getenv(fromVariable); from != "" {
		move.SetBatch(150)
		report, err := move.Run(ctx, move.Options{From: from, To: os.Getenv(toVariable), Progress: func(stage string, done, total int64) {
			fmt.Println(stage, done, total)
		}})
		if err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
		fmt.Println("resumed:", report.Resumed)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestKilledAndRunAgain kills a move at a random moment, runs it again, kills it again, and so on, both ways. What
// arrives in the end is what left.
func TestKilledAndRunAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		seed := time.Now().UnixNano()
		t.Logf("seed %d", seed)
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		here, back := t.TempDir(), filepath.Join(t.TempDir(), "new")
		fillForum(t, here, 3000)
		want := dump(t, here)
		for _, way := range [][2]string{{here, address}, {address, back}} {
			killed := map[string]int{}
			// The first are killed before anything is told of, the others some lines into a stage.
			for round, at := range []string{"", "", "", "moving", "moving", "moving", "building", "building", "comparing", "comparing"} {
				stage, whole := killAfter(t, way, at, r.IntN(40), time.Duration(r.IntN(5+145*truth(at == "")))*time.Millisecond)
				if whole {
					t.Logf("round %d was not killed: it was done", round)
					break
				}
				killed[stage]++
			}
			t.Logf("killed while: %v", killed)
			report, err := move.Run(ctx, move.Options{From: way[0], To: way[1]})
			if len(killed) > 0 && strings.Contains(fmt.Sprint(err), "not empty") { // killed after its last step
				err = nil
			} else if err == nil && !report.Resumed {
				t.Error("the last run did not go on with what was there")
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := dump(t, way[1]); got != want {
				t.Errorf("what arrives is not what left: %s", firstDifference(want, got))
			}
			sameSchema(t, way[1])
			goesOn(t, way[1], 3001)
			if way[1] == address { // take back what goesOn has left
				db := raw(t, address)
				run(t, db, "DELETE FROM events WHERE id > 3000")
				run(t, db, "UPDATE counters SET value = 3000")
			}
		}
	})
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// killAfter runs a move as a process and kills it some lines of progress into a stage ("" = at once) and a pause
// later. It gives the stage it was in, and whether it ended before.
func killAfter(t *testing.T, way [2]string, at string, lines int, pause time.Duration) (stage string, whole bool) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), fromVariable+"="+way[0], toVariable+"="+way[1])
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	stage, last := "the beginning", ""
	told := bufio.NewScanner(out)
	for at != "" && (stage != at || lines > 0) && told.Scan() {
		last = told.Text()
		stage, _, _ = strings.Cut(last, " ")
		lines -= truth(stage == at)
	}
	if strings.HasPrefix(last, "failed:") {
		t.Fatal(last)
	}
	timer := time.AfterFunc(pause, func() { child.Process.Kill() })
	defer timer.Stop()
	for told.Scan() {
		last = told.Text()
	}
	err = child.Wait()
	if strings.HasPrefix(last, "failed:") {
		t.Fatal(last)
	}
	return stage, err == nil
}

// TestAnotherStateIsNotMixedIn serves the source between two runs, and brings another source to a target that was
// begun.
func TestAnotherStateIsNotMixedIn(t *testing.T) {
	onBoth(t, func(t *testing.T, address string) {
		here, other := t.TempDir(), t.TempDir()
		fillForum(t, here, 3000)
		fillForum(t, other, 2000)
		for { // until one is killed after it has begun
			stage, _ := killAfter(t, [2]string{here, address}, "moving", 5, 0)
			if stage == "moving" {
				break
			}
			wipe(t, address)
		}
		refused(t, other, address, "part of another state")
		goesOn(t, here, 3001)
		refused(t, here, address, "the source was served since the move began")
		wipe(t, address)
		if _, err := move.Run(ctx, move.Options{From: here, To: address}); err != nil {
			t.Error(err)
		}
	})
}
