package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestOnlyOurProxiesAreBelieved(t *testing.T) {
	proxies := Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for name, c := range map[string]struct {
		peer      string
		forwarded []string
		want      string
	}{
		"stranger's word counts nothing":       {"203.0.113.9:4000", []string{"198.51.100.1"}, "203.0.113.9"},
		"our proxy's word counts":              {"10.0.0.1:80", []string{"198.51.100.1"}, "198.51.100.1"},
		"the right-most hop that is not ours":  {"10.0.0.1:80", []string{"1.1.1.1, 198.51.100.1, 10.0.0.2"}, "198.51.100.1"},
		"doubled headers are one list":         {"10.0.0.1:80", []string{"1.1.1.1", "198.51.100.1"}, "198.51.100.1"},
		"with a port":                          {"10.0.0.1:80", []string{"198.51.100.1:9999"}, "198.51.100.1"},
		"v6 in brackets with a port, cut":      {"10.0.0.1:80", []string{"[2001:db8:1:2:3:4:5:6]:443"}, "2001:db8:1:2::"},
		"v4 mapped into v6":                    {"10.0.0.1:80", []string{"::ffff:198.51.100.1"}, "198.51.100.1"},
		"garbage ends the walk at our proxy":   {"10.0.0.1:80", []string{"198.51.100.1, unknown"}, "10.0.0.1"},
		"nothing forwarded":                    {"10.0.0.1:80", nil, "10.0.0.1"},
		"peer in v6 is cut to its network":     {"[2001:db8:1:2:aaaa::1]:5", nil, "2001:db8:1:2::"},
		"a zone is no address":                 {"10.0.0.1:80", []string{"fe80::1%eth0"}, "10.0.0.1"},
		"all hops ours: the left-most of them": {"10.0.0.1:80", []string{"10.9.9.9, 10.0.0.2"}, "10.9.9.9"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		r.Header["X-Forwarded-For"] = c.forwarded
		for _, other := range []string{"X-Real-Ip", "Forwarded", "True-Client-Ip", "Cf-Connecting-Ip", "X-Client-Ip"} {
			r.Header.Set(other, "192.0.2.66")
		}
		if got := proxies.Client(r).String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestAThousandAddressesOfOneNetworkAreOneClient(t *testing.T) {
	seen := map[netip.Addr]bool{}
	for i := range 1000 {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = fmt.Sprintf("[2001:db8:7:7::%x]:1234", i+1)
		seen[Proxies(nil).Client(r)] = true
	}
	if len(seen) != 1 {
		t.Errorf("%d clients", len(seen))
	}
}

func TestPace(t *testing.T) {
	l := NewLimiter()
	pace := Pace{Name: "test", Burst: 3, Every: 1 << 40}
	for i := range 3 {
		if err := l.Allow(pace, "a"); err != nil {
			t.Fatalf("use %d: %v", i, err)
		}
	}
	err := l.Allow(pace, "a")
	if err == nil || Refusal(err).Retry <= 0 || StatusOf(Refusal(err).Code) != http.StatusTooManyRequests {
		t.Errorf("the fourth use: %v", err)
	}
	if err := l.Allow(pace, "b"); err != nil {
		t.Errorf("another key: %v", err)
	}
	if err := (*Limiter)(nil).Allow(pace, "a"); err != nil {
		t.Errorf("no limiter: %v", err)
	}
}
