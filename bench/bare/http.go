// Package bare holds what a forum is measured against: programs that do the least that could be done. One sends
// the same bytes and headers by net/http, one tells streams of an event, one commits the same row to SQLite, one
// appends and syncs. They run as processes of their own, pinned as the forum is.
package bare

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Sent is what the bare server sends for every request.
type Sent struct {
	Header http.Header `json:"header"`
	Body   []byte      `json:"body"`
}

// own are the headers that net/http sets by itself, and those that hold for one connection.
var own = []string{"Date", "Connection", "Transfer-Encoding", "Keep-Alive"}

// Of gives what a server sent as something the bare server can send again.
func Of(header http.Header, body []byte) Sent {
	s := Sent{Header: header.Clone(), Body: body}
	for _, name := range own {
		s.Header.Del(name)
	}
	return s
}

// Serve answers every request with what its input says, as JSON of Sent, and prints where it listens. It ends
// with its process.
func Serve(in io.Reader, out io.Writer) error {
	var sent Sent
	if err := json.NewDecoder(in).Decode(&sent); err != nil {
		return fmt.Errorf("what shall be sent: %w", err)
	}
	return listen(out, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		maps.Copy(w.Header(), sent.Header)
		_, _ = w.Write(sent.Body)
	}))
}

func listen(out io.Writer, handler http.Handler) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "The bare server listens at http://%s\n", listener.Addr())
	server := &http.Server{Handler: handler}
	return server.Serve(listener)
}

// Run is the entry of a process that is one of the bare programs; known is false for any other name. Asked to
// end, it ends at once and well: there is nothing to save.
func Run(name string) (known bool, err error) {
	asked := make(chan os.Signal, 1)
	if strings.HasPrefix(name, "bare-") {
		signal.Notify(asked, os.Interrupt, syscall.SIGTERM)
	}
	go func() {
		<-asked
		os.Exit(0)
	}()
	switch name {
	case "bare-http":
		return true, Serve(os.Stdin, os.Stdout)
	case "bare-streams":
		return true, ServeStreams(os.Stdout)
	case "bare-sqlite":
		return true, Commit(os.Stdin, os.Stdout)
	case "bare-fsync":
		return true, Sync(os.Stdin, os.Stdout)
	}
	return false, nil
}
