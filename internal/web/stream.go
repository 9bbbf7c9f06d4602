package web

import (
	"bytes"
	"net"
	"net/http"
	"time"

	"parley/internal/live"
)

const (
	// beat is how often an idle stream that is not carried by the hub sends a comment line, so that proxies keep it
	// open and a client that left is noticed.
	beat = 25 * time.Second
	// sendWithin is how long one message may take to leave; a slower client is cut off and catches up later.
	sendWithin = 5 * time.Second
)

// Stream answers with server-sent events (HTML Living Standard, section 9.2): those that were missed, then what the
// subscription brings beyond the event head, until the client leaves or the subscription ends.
//
// The connection is taken from the server and given to the hub, and the answer ends with it: an open stream then
// holds no more than a socket, where a handler that waits would hold a request, its buffers and its stack. Where the
// connection cannot be taken, as with HTTP/2, the handler does wait.
func Stream(w http.ResponseWriter, r *http.Request, hub *live.Hub, sub *live.Subscription, missed []*live.Message, head int64) {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'") // no page, and every reader's browser opens one
	h.Del("Referrer-Policy")
	h.Set("X-Accel-Buffering", "no")
	var first bytes.Buffer
	first.WriteString(": welcome\n\n")
	for _, m := range missed {
		first.Write(m.Wire)
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		relay(w, r, hub, sub, first.Bytes(), head)
		return
	}
	answered(w, http.StatusOK)
	if err := begin(conn, h, first.Bytes()); err != nil {
		hub.Unsubscribe(sub)
		_ = conn.Close() // it is broken
		return
	}
	hub.Carry(conn, sub, head)
}

// begin writes the head of an answer that ends with its connection (RFC 9112, section 6.3, 8), and what comes first.
func begin(conn net.Conn, h http.Header, first []byte) error {
	h.Set("Connection", "close")
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	var out bytes.Buffer
	out.WriteString("HTTP/1.1 200 OK\r\n")
	if err := h.Write(&out); err != nil {
		return err
	}
	out.WriteString("\r\n")
	out.Write(first)
	if err := conn.SetDeadline(time.Now().Add(sendWithin)); err != nil {
		return err
	}
	if _, err := conn.Write(out.Bytes()); err != nil {
		return err
	}
	return conn.SetDeadline(time.Time{})
}

// answered notes the status of an answer that does not go through its writer.
func answered(w http.ResponseWriter, status int) {
	for w != nil {
		if out, ok := w.(*recorded); ok {
			out.status = status
		}
		inner, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return
		}
		w = inner.Unwrap()
	}
}

// relay is Stream by the handler itself.
func relay(w http.ResponseWriter, r *http.Request, hub *live.Hub, sub *live.Subscription, text []byte, head int64) {
	defer hub.Unsubscribe(sub)
	control := http.NewResponseController(w)
	// The server's read timeout is for requests; here the connection only waits to see the client leave.
	if control.SetReadDeadline(time.Time{}) != nil {
		return
	}
	w.WriteHeader(http.StatusOK)
	bell := make(chan struct{}, 1)
	sub.Attend(head, func() {
		select {
		case bell <- struct{}{}:
		default:
		}
	})
	idle := time.NewTicker(beat)
	defer idle.Stop()
	var messages []*live.Message
	for open := true; ; text = text[:0] {
		if len(text) > 0 {
			if control.SetWriteDeadline(time.Now().Add(sendWithin)) != nil {
				return
			}
			if _, err := w.Write(text); err != nil || control.Flush() != nil {
				return
			}
		}
		if !open {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-idle.C:
			text = append(text, ": \n\n"...)
		case <-bell:
			messages, open = sub.Take(messages[:0])
			for _, m := range messages {
				text = append(text, m.Wire...)
			}
		}
	}
}
