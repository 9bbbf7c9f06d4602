package web

import (
	"fmt"
	"net/http"
	"time"

	"parley/internal/live"
)

const (
	// beat is how often an idle stream sends a comment line, so that proxies keep it open and a client that
	// left is noticed.
	beat = 25 * time.Second
	// sendWithin is how long one message may take to leave; a slower client is cut off and catches up later.
	sendWithin = 5 * time.Second
)

// Stream writes server-sent events (HTML Living Standard, section 9.2).
type Stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// NewStream begins an event stream: headers, no buffering, no end to the answer but by leaving.
func NewStream(w http.ResponseWriter) (*Stream, error) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	s := &Stream{w: w, control: http.NewResponseController(w)}
	// The server's read timeout is for requests; here the connection only waits to see the client leave.
	if err := s.control.SetReadDeadline(time.Time{}); err != nil {
		return nil, err
	}
	w.WriteHeader(http.StatusOK)
	return s, s.write(": welcome\n\n")
}

// Send writes one message.
func (s *Stream) Send(m live.Message) error {
	id := ""
	if m.ID != 0 {
		id = fmt.Sprintf("id: %d\n", m.ID)
	}
	return s.write(fmt.Sprintf("%sevent: %s\ndata: %s\n\n", id, m.Name, m.Data))
}

func (s *Stream) write(text string) error {
	if err := s.control.SetWriteDeadline(time.Now().Add(sendWithin)); err != nil {
		return err
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return err
	}
	return s.control.Flush()
}

// Relay sends what a subscription brings, except messages up to after, until the client leaves or the
// subscription ends.
func (s *Stream) Relay(r *http.Request, sub *live.Subscription, after int64) {
	idle := time.NewTicker(beat)
	defer idle.Stop()
	for {
		select {
		case <-r.Context().Done():
			return
		case <-idle.C:
			if s.write(": \n\n") != nil {
				return
			}
		case m, open := <-sub.C:
			if !open {
				return
			}
			if m.ID != 0 && m.ID <= after {
				continue
			}
			if s.Send(m) != nil {
				return
			}
		}
	}
}
