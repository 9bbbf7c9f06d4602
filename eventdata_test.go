package parley

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
)

// TestPacked packs events whose members are there or not, large and small, and gets them back, also from JSON.
func TestPacked(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	some := func(all ...int64) int64 { return all[dice.IntN(len(all))] }
	const large = 3560094579782841014
	for range 20_000 {
		e := Event{ID: 7, Subject: ID(some(0, 5, large, 1<<62)), Actor: ID(some(0, 9, large+1))}
		e.Data = EventData{
			Revision: some(0, 1, 100_000, 1<<40), Root: ID(some(0, int64(e.Subject), large, 3)), Parent: ID(some(0, large-1<<30, 3, 4)),
			Author: ID(some(0, int64(e.Actor), 8, large)), To: ID(some(0, 8, large)), Count: int(some(0, 2, 1000)), Decision: ID(some(0, large)),
		}
		back := Event{ID: 7, Subject: e.Subject, Actor: e.Actor, Data: EventData{Count: 99}}
		if err := back.Unpack(e.Pack()); err != nil || back != e {
			t.Fatalf("%+v became %q and %+v: %v", e, e.Pack(), back, err)
		}
		text, err := json.Marshal(e.Data)
		if err != nil {
			t.Fatal(err)
		}
		if err := back.Unpack(string(text)); err != nil || back != e {
			t.Fatalf("%+v became %s and %+v: %v", e, text, back, err)
		}
	}
}

func TestPackedAreShort(t *testing.T) {
	opened := Event{Subject: 3560094579782841014, Actor: 3559046050968760483}
	opened.Data = EventData{Revision: 1200, Root: opened.Subject, Author: opened.Actor}
	reply := Event{Subject: 3560094579782841014, Actor: 3559046050968760483}
	reply.Data = EventData{Revision: 1201, Root: reply.Subject - 1<<42, Parent: reply.Subject - 1<<42, Author: reply.Actor, To: 3559045963936952400}
	for want, e := range map[string]Event{"VxcR0A": opened, "VxdR1jo5bxxkwPATr1fy9xqmc4w0": reply} {
		if got := e.Pack(); len(got) > len(want)+3 {
			t.Errorf("%q has %d bytes", got, len(got))
		}
	}
}

func TestUnpackRefuses(t *testing.T) {
	for _, wrong := range []string{"V", "Vx-", "X1", "1", "{", `{"revision":"x"}`, "V!", "T", "Dzzzzzzzzzzzzzzzzzzzz"} {
		if err := (&Event{}).Unpack(wrong); err == nil {
			t.Errorf("%q is read", wrong)
		}
	}
}
