package bare

import (
	"fmt"
	"io"
	"net/http"
	"sync"
)

// ServeStreams holds event streams open at /events and tells all of them what is sent to /tell?id=: the least
// that fan-out over net/http can be. It prints where it listens and ends with its process.
func ServeStreams(out io.Writer) error {
	h := &hub{open: map[chan string]struct{}{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /events", h.stream)
	mux.HandleFunc("POST /tell", h.tell)
	return listen(out, mux)
}

type hub struct {
	mu   sync.Mutex
	open map[chan string]struct{}
}

func (h *hub) stream(w http.ResponseWriter, r *http.Request) {
	mine := make(chan string, 16)
	h.mu.Lock()
	h.open[mine] = struct{}{}
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		delete(h.open, mine)
		h.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	control := http.NewResponseController(w)
	if control.Flush() != nil {
		return
	}
	for {
		select {
		case <-r.Context().Done():
			return
		case text := <-mine:
			if _, err := io.WriteString(w, text); err != nil || control.Flush() != nil {
				return
			}
		}
	}
}

func (h *hub) tell(w http.ResponseWriter, r *http.Request) {
	text := fmt.Sprintf("id: 1\nevent: comment\ndata: {\"id\":%q,\"thread\":%[1]q,\"author\":\"361028352999424\",\"revision\":1234}\n\n", r.FormValue("id"))
	h.mu.Lock()
	defer h.mu.Unlock()
	for one := range h.open {
		select {
		case one <- text:
		default: // full: the driver will miss it
		}
	}
	w.WriteHeader(http.StatusNoContent)
}
