package config

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// Loopback says whether only this machine can reach the listening address. A
// name other than localhost counts as reachable, as does a missing host, which
// means every interface.
func (c Config) Loopback() bool {
	host, _, err := splitAddr(c.Addr)
	return err == nil && loopbackHost(host)
}

// Listening gives the settings once the server listens: with the real port in
// place of port 0, and a base URL made from it unless one was set.
func (c Config) Listening(addr net.Addr) Config {
	if !freePort(c.Addr) {
		return c
	}
	host, _, _ := splitAddr(c.Addr)
	if _, port, err := net.SplitHostPort(addr.String()); err == nil {
		c.Addr = net.JoinHostPort(host, port)
	}
	return c.derive()
}

// BasePath is the path under which readers reach the forum: "" at the root of a
// host of its own, or for example "/_parley" under the newspaper's.
func (c Config) BasePath() string {
	base, err := url.Parse(c.BaseURL)
	if err != nil {
		return ""
	}
	return base.Path
}

// BaseOrigin is the origin of the base URL, such as "https://forum.example.com".
func (c Config) BaseOrigin() string {
	return strings.TrimSuffix(c.BaseURL, c.BasePath())
}

// HTTPS says whether readers come by https, so that cookies can be Secure.
func (c Config) HTTPS() bool { return strings.HasPrefix(c.BaseURL, "https://") }

// splitAddr reads HOST:PORT with a numeric port; the host may be empty, and an
// IPv6 host stands in brackets.
func splitAddr(addr string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		return "", 0, errors.New("is not HOST:PORT, such as 127.0.0.1:8080")
	}
	port, err = parsePort(text)
	return host, port, err
}

func parsePort(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return 0, errors.New("needs a port number from 0 to 65535")
	}
	return int(n), nil
}

// freePort says whether the system is to choose the port.
func freePort(addr string) bool {
	_, port, err := splitAddr(addr)
	return err == nil && port == 0
}

// loopbackHost says whether a host to listen on or to call is this machine.
func loopbackHost(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// homeHost says whether a browser takes a host for this machine: loopback, or
// any name under .localhost (RFC 6761, section 6.3).
func homeHost(host string) bool {
	return loopbackHost(host) || strings.HasSuffix(strings.ToLower(host), ".localhost")
}
