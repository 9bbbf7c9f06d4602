package demo

import (
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
)

// The host names of the demo. Browsers take whatever ends in .localhost to this machine (RFC 6761 section
// 6.3), but count "localhost" itself as a public suffix: forum.localhost and letters.localhost would be two
// sites, between which no cookie passes. Under meridian.localhost they are one.
const (
	forumHost   = "forum.meridian.localhost"
	lettersHost = "letters.meridian.localhost"
)

// Names are the addresses of the demo.
type Names struct {
	Forum   string // base URL of The Meridian and its forum, without a trailing slash
	Letters string // base URL of the foreign magazine, likewise
}

// Hosts gives the demo's addresses on one port.
func Hosts(port int) Names {
	at := func(host string) string {
		if port == 80 {
			return "http://" + host
		}
		return "http://" + net.JoinHostPort(host, strconv.Itoa(port))
	}
	return Names{Forum: at(forumHost), Letters: at(lettersHost)}
}

// Origins gives the origins whose pages show the demo's conversations, the forum's own first.
func (n Names) Origins() []string { return []string{n.Forum, n.Letters} }

// Route gives the foreign magazine's requests to foreign and the others to forum. Programs may use a plain
// address, such as 127.0.0.1 or localhost; a browser that opens a page there is sent to the forum's own
// address, because a cookie of one host is worth nothing on the other.
func (n Names) Route(forum, foreign http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := hostname(r.Host)
		switch {
		case host == lettersHost:
			foreign.ServeHTTP(w, r)
		case plain(host) && r.Method == http.MethodGet && r.Header.Get("Sec-Fetch-Mode") == "navigate":
			w.Header().Set("Cache-Control", "no-store") // it is true of this browser and this run only
			w.Header().Add("Vary", "Sec-Fetch-Mode")
			http.Redirect(w, r, n.Forum+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		default:
			forum.ServeHTTP(w, r)
		}
	})
}

// hostname gives the host of a Host header without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(host)
}

// plain tells whether a host is just this machine, without a name of the demo's.
func plain(host string) bool {
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(trimBrackets(host))
	return err == nil && address.IsValid()
}

func trimBrackets(host string) string {
	if n := len(host); n > 2 && host[0] == '[' && host[n-1] == ']' {
		return host[1 : n-1]
	}
	return host
}
