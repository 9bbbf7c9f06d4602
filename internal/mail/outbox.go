package mail

import (
	"context"
	"slices"
	"sync"
	"time"
)

// outboxSize is how many letters an [Outbox] keeps: a long look at the demo.
const outboxSize = 200

// Sent is a letter that was handed over.
type Sent struct {
	Message
	Number int       // counts from 1
	At     time.Time // UTC
}

// Outbox is a [Sender] that sends nothing and keeps the last 200 letters in
// memory, for the demo and for servers without a mail server.
type Outbox struct {
	mutex sync.Mutex
	sent  []Sent // oldest first
	count int
}

// NewOutbox gives an empty Outbox.
func NewOutbox() *Outbox { return &Outbox{} }

// Send keeps the letter. It refuses the same letters that [SMTP] refuses.
func (o *Outbox) Send(_ context.Context, m Message) error {
	if err := check(m); err != nil {
		return err
	}
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.count++
	if len(o.sent) == outboxSize {
		o.sent = slices.Delete(o.sent, 0, 1)
	}
	o.sent = append(o.sent, Sent{Message: m, Number: o.count, At: time.Now().UTC()})
	return nil
}

// List gives the letters kept, newest first.
func (o *Outbox) List() []Sent {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	list := slices.Clone(o.sent)
	slices.Reverse(list)
	return list
}
