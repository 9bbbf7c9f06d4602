package mail

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

func TestOutbox(t *testing.T) {
	outbox := NewOutbox()
	if len(outbox.List()) != 0 {
		t.Fatal("a new outbox is not empty")
	}
	start := time.Now()
	for i := range outboxSize + 5 {
		if err := outbox.Send(t.Context(), Message{To: "ada@example.org", Subject: fmt.Sprint("letter ", i+1), Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	list := outbox.List()
	if len(list) != outboxSize || list[0].Number != outboxSize+5 || list[0].Subject != "letter 205" || list[outboxSize-1].Number != 6 {
		t.Errorf("%d letters, newest %d %q, oldest %d", len(list), list[0].Number, list[0].Subject, list[len(list)-1].Number)
	}
	if list[0].At.Before(start.Add(-time.Second)) || list[0].At.Location() != time.UTC {
		t.Errorf("sent at %v", list[0].At)
	}
	list[0].Subject = "mine"
	if outbox.List()[0].Subject == "mine" {
		t.Error("the list is the outbox's own")
	}
	if err := outbox.Send(t.Context(), Message{To: "ada@example.org", Subject: "a\r\nBcc: eve@example.org", Text: "x"}); err == nil {
		t.Error("a broken subject passed")
	}
}

func TestOutboxTakesManyAtOnce(t *testing.T) {
	outbox := NewOutbox()
	var group sync.WaitGroup
	for range 10 {
		group.Go(func() {
			for range 50 {
				if err := outbox.Send(t.Context(), Message{To: "ada@example.org", Subject: "s", Text: "x"}); err != nil {
					t.Error(err)
				}
				outbox.List()
			}
		})
	}
	group.Wait()
	if list := outbox.List(); list[0].Number != 500 {
		t.Errorf("counted %d of 500", list[0].Number)
	}
}
