package web

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// Proxies knows whose word about a client's address is believed.
type Proxies []netip.Prefix

// Client gives the address a request comes from, for rate limits only: it is never stored or logged. The
// right-most address of X-Forwarded-For that is not one of our own proxies counts, and only when the request
// came through one. IPv6 addresses are cut to their /64, which is what one customer gets.
func (p Proxies) Client(r *http.Request) netip.Addr {
	addr := peer(r)
	if !p.trusts(addr) {
		return network(addr)
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, ok := parseHop(hops[i])
		if !ok {
			break // whatever stands left of a hop we cannot read was not written by our proxies
		}
		addr = hop
		if !p.trusts(hop) {
			break
		}
	}
	return network(addr)
}

func (p Proxies) trusts(addr netip.Addr) bool {
	for _, prefix := range p {
		if prefix.Contains(addr) {
			return true
		}
	}
	return false
}

func peer(r *http.Request) netip.Addr {
	addrPort, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return addrPort.Addr().Unmap().WithZone("")
}

func parseHop(text string) (netip.Addr, bool) {
	text = strings.TrimSpace(text)
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil || addr.Zone() != "" {
		return netip.Addr{}, false
	}
	return addr.Unmap(), true
}

func network(addr netip.Addr) netip.Addr {
	if addr.Is4() || !addr.IsValid() {
		return addr
	}
	prefix, err := addr.Prefix(64)
	if err != nil {
		return addr
	}
	return prefix.Addr()
}
