package config

import (
	"net"
	"strings"
	"testing"
	"time"
)

// judge loads flags for a command and gives what Check says, "" for nothing.
func judge(t *testing.T, command, args string) string {
	t.Helper()
	in := Input{Command: command}
	if args != "" {
		in.Args = strings.Split(args, "|")
	}
	if err := load(t, in).Config.Check(); err != nil {
		return err.Error()
	}
	return ""
}

func TestAcceptedSettings(t *testing.T) {
	for _, args := range []string{
		"",
		"--addr=localhost:0",
		"--addr=[::1]:8080|--base-url=http://[::1]:8080",
		"--addr=127.9.9.9:8080",
		"--addr=:8080|--base-url=https://forum.example.com",
		"--addr=0.0.0.0:8080|--base-url=https://www.example.com:8443/_parley/",
		"--base-url=https://xn--bcher-kva.example/a/b-c",
		"--base-url=http://forum.localhost:8080",
		"--database=postgres://parley:pw@db/parley?sslmode=require",
		"--database=postgresql:///parley?host=/run/postgresql",
		"--database=postgres://db|--nats=nats://parley:pw@a:4222,tls://b",
		"--database=postgres://db|--nats=tls://b:4222|--nats-creds=c|--nats-ca=d|--nats-cert=e|--nats-key=f",
		"--site=a|--site-name=Bücher & Ëssays",
		"--origins=https://www.example.com,https://www.example.com:8443,http://news.localhost:8081,http://127.0.0.1,http://[::1]:81",
		"--limits=off",
		"--limits=off|--addr=[::1]:0",
		"--limits=off|--base-url=https://forum.localhost",
		"--trusted-proxies=10.0.0.0/8,::1",
		"--smtp=mail.example.com:587|--mail-from=forum@example.com",
		"--smtp=127.0.0.1:25|--mail-from=The Ledger <f@example.com>|--smtp-tls=none|--smtp-user=u|--smtp-password=p",
		"--metrics-addr=:9090|--metrics-token=0123456789abcdef",
		"--addr=127.0.0.1:0|--metrics-addr=127.0.0.1:0",
	} {
		got := judge(t, "serve", strings.Trim("--data=d|"+args, "|"))
		if got != "" {
			t.Errorf("%s: %s", args, got)
		}
	}
	for command, args := range map[string]string{"demo": "", "import": "--data=d"} {
		if got := judge(t, command, args); got != "" {
			t.Errorf("%s %s: %s", command, args, got)
		}
	}
}

func TestRefusedSettings(t *testing.T) {
	for _, tt := range []struct{ args, want string }{
		{"--data=", "flag --data: names the folder that holds everything, and is not set"},

		{"--addr=8080", `flag --addr: "8080" is not HOST:PORT, such as 127.0.0.1:8080`},
		{"--addr=::1:8080", `flag --addr: "::1:8080" is not HOST:PORT, such as 127.0.0.1:8080`},
		{"--addr=localhost:http", `flag --addr: "localhost:http" needs a port number from 0 to 65535`},
		{"--addr=localhost:65536", `flag --addr: "localhost:65536" needs a port number from 0 to 65535`},
		{"--addr=localhost:-1", `flag --addr: "localhost:-1" needs a port number from 0 to 65535`},

		{"--addr=:8080", "--base-url: is needed, and must be https, because --addr :8080 can be reached from elsewhere"},
		{"--addr=0.0.0.0:80|--base-url=http://localhost", "flag --base-url: http://localhost must be https, because --addr 0.0.0.0:80 can be reached from elsewhere"},
		{"--addr=127.1:80", "--base-url: is needed, and must be https, because --addr 127.1:80 can be reached from elsewhere"},
		{"--base-url=http://forum.example.com", "flag --base-url: http://forum.example.com must be https, because readers elsewhere would sign in over plain http"},
		{"--base-url=http://localhost.example.com", "flag --base-url: http://localhost.example.com must be https, because readers elsewhere would sign in over plain http"},

		{"--base-url=forum.example.com", `flag --base-url: "forum.example.com" is not an absolute address such as https://www.example.com`},
		{"--base-url=//forum.example.com", `flag --base-url: "//forum.example.com" is not an absolute address such as https://www.example.com`},
		{"--base-url=ftp://example.com", `flag --base-url: "ftp://example.com" is not an absolute address such as https://www.example.com`},
		{"--base-url=https:", `flag --base-url: "https:" is not an absolute address such as https://www.example.com`},
		{"--base-url=https://a:b@example.com", `flag --base-url: "https://a:b@example.com" must not hold a name or password`},
		{"--base-url=https://example.com/?a=b", `flag --base-url: "https://example.com/?a=b" must end with the path, without ? or #`},
		{"--base-url=https://example.com?", `flag --base-url: "https://example.com?" must end with the path, without ? or #`},
		{"--base-url=https://example.com#", `flag --base-url: "https://example.com#" must end with the path, without ? or #`},
		{"--base-url=https://example.com/a/../b", `flag --base-url: "https://example.com/a/../b" has a path other than plain segments such as /_parley`},
		{"--base-url=https://example.com/a%20b", `flag --base-url: "https://example.com/a%20b" has a path other than plain segments such as /_parley`},
		{"--base-url=https://example.com//a", `flag --base-url: "https://example.com//a" has a path other than plain segments such as /_parley`},
		{"--base-url=https://Example.com/a", `flag --base-url: "https://Example.com/a" must begin as browsers write it: https://example.com`},
		{"--base-url=https://example.com:0", `flag --base-url: "https://example.com:0" has an impossible port`},

		{"--database=mysql://root:hunter2@db/x", "flag --database: must be postgres://name:password@host/database, or empty for SQLite in the data folder"},
		{"--database=host=db password=hunter2", "flag --database: must be postgres://name:password@host/database, or empty for SQLite in the data folder"},
		{"--database=postgres://u:hun%zzter2@db", "flag --database: must be postgres://name:password@host/database, or empty for SQLite in the data folder"},

		{"--nats=nats://a", "flag --nats: is for several processes on one PostgreSQL (--database); SQLite is served by a single one, which has nobody to tell"},
		{"--database=postgres://db|--nats=a:4222", "flag --nats: must be nats://host:4222 or tls://host:4222, with name:password@ before the host where NATS asks for it; several are separated by commas"},
		{"--database=postgres://db|--nats=nats://a,http://u:hunter2@b", "flag --nats: must be nats://host:4222 or tls://host:4222, with name:password@ before the host where NATS asks for it; several are separated by commas"},
		{"--database=postgres://db|--nats=nats://a|--nats-cert=c", "flag --nats-cert: and --nats-key go together, and only one is set"},
		{"--nats-creds=c", "flag --nats-creds: has no effect without --nats"},

		{"--drain=3", `flag --drain: "3" is not a time such as 3s or 500ms`},
		{"--drain=-1s", "flag --drain: -1s is not between 0s and 1m0s"},
		{"--drain=61s", "flag --drain: 61s is not between 0s and 1m0s"},

		{"--site=Main", `flag --site: "Main" is not a key of at most 40 lower-case letters, digits and inner hyphens`},
		{"--site=", `flag --site: "" is not a key of at most 40 lower-case letters, digits and inner hyphens`},
		{"--site=a-", `flag --site: "a-" is not a key of at most 40 lower-case letters, digits and inner hyphens`},
		{"--site-name= ", "flag --site-name: must have 1 to 80 characters, and has 0"},
		{"--site-name=" + strings.Repeat("é", 81), "flag --site-name: must have 1 to 80 characters, and has 81"},

		{"--origins=*", `flag --origins: "*" has a *, and each origin must be named by itself`},
		{"--origins=https://*.example.com", `flag --origins: "https://*.example.com" has a *, and each origin must be named by itself`},
		{"--origins=null", `flag --origins: "null" is not an absolute address such as https://www.example.com`},
		{"--origins=https://example.com/", `flag --origins: "https://example.com/" must be exactly what browsers send: https://example.com`},
		{"--origins=https://EXAMPLE.com", `flag --origins: "https://EXAMPLE.com" must be exactly what browsers send: https://example.com`},
		{"--origins=https://example.com:443", `flag --origins: "https://example.com:443" must be exactly what browsers send: https://example.com`},
		{"--origins=https://example.com/news?x#y", `flag --origins: "https://example.com/news?x#y" must be exactly what browsers send: https://example.com`},
		{"--origins=https://example.com.", `flag --origins: "https://example.com." has a host that browsers write otherwise; names in other scripts begin with xn--`},
		{"--origins=https://bücher.example", `flag --origins: "https://bücher.example" has a host that browsers write otherwise; names in other scripts begin with xn--`},
		{"--origins=https://example.com:", `flag --origins: "https://example.com:" has an impossible port`},
		{"--origins=http://www.example.com", `flag --origins: "http://www.example.com" must be https; plain http is only for this machine`},
		{"--origins=http://192.168.0.9", `flag --origins: "http://192.168.0.9" must be https; plain http is only for this machine`},
		{"--origins=https://a.b,https://a.b", `flag --origins: "https://a.b" stands there twice`},

		{"--trusted-proxies=0.0.0.0/0", "flag --trusted-proxies: 0.0.0.0/0 trusts the whole world, so that anybody could claim any address"},
		{"--limits=off|--addr=192.0.2.1:80|--base-url=https://a.b", "flag --limits: off is allowed only on a loopback address, and --addr is 192.0.2.1:80"},
		{"--limits=off|--base-url=https://a.b", "flag --limits: off is allowed only for this machine, and --base-url is https://a.b"},

		{"--smtp=mail.example.com|--mail-from=a@b.c", `flag --smtp: "mail.example.com" is not HOST:PORT, such as 127.0.0.1:8080`},
		{"--smtp=:587|--mail-from=a@b.c", `flag --smtp: ":587" needs both a host and a port, such as mail.example.com:587`},
		{"--smtp=a.b:587", "--mail-from: is needed with --smtp, such as The Ledger <forum@example.com>"},
		{"--smtp=a.b:587|--mail-from=nobody", `flag --mail-from: "nobody" is not an address such as The Ledger <forum@example.com>`},
		{"--smtp=a.b:587|--mail-from=a@b.c|--smtp-user=u", "flag --smtp-user: and --smtp-password go together, and only one is set"},
		{"--smtp=a.b:25|--mail-from=a@b.c|--smtp-user=u|--smtp-password=hunter2|--smtp-tls=none", "flag --smtp-tls: none would send the password readable to a.b:25"},
		{"--smtp-user=u", "flag --smtp-user: has no effect without --smtp"},

		{"--metrics-token=hunter2", "flag --metrics-token: must have at least 16 characters"},
		{"--metrics-addr=9090", `flag --metrics-addr: "9090" is not HOST:PORT, such as 127.0.0.1:8080`},
		{"--metrics-addr=127.0.0.1:8080", "flag --metrics-addr: is the same as --addr; it needs a port of its own"},
	} {
		args := tt.args
		if !strings.HasPrefix(args, "--data=") {
			args = "--data=d|" + args
		}
		if got := judge(t, "serve", args); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.args, got, tt.want)
		}
	}
	if got, want := judge(t, "demo", "--readers=-1|--comments=-2"), "flag --readers: -1 is below zero\nflag --comments: -2 is below zero"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestProblemsComeTogetherWithTheirPlaces(t *testing.T) {
	dir, path := write(t, "parley.yaml", "limits: off\norigins: ['*', null-island]\n")
	err := load(t, Input{Command: "serve", Args: []string{"--data", dir}, Environ: []string{"PARLEY_ADDR=:80", "PARLEY_SITE=A B"}}).Config.Check()
	sentences(t, err, path,
		"--base-url: is needed, and must be https, because --addr :80 can be reached from elsewhere",
		"file FILE, limits: off is allowed only on a loopback address, and --addr is :80",
		`file FILE, origins: "*" has a *, and each origin must be named by itself`,
		`file FILE, origins: "null-island" is not an absolute address such as https://www.example.com`,
		`environment PARLEY_SITE: "A B" is not a key of at most 40 lower-case letters, digits and inner hyphens`)
}

func TestLoopback(t *testing.T) {
	for addr, want := range map[string]bool{
		"127.0.0.1:80": true, "127.255.0.1:0": true, "localhost:80": true, "LocalHost:80": true, "[::1]:80": true, "[::ffff:127.0.0.1]:80": true,
		":80": false, "0.0.0.0:80": false, "[::]:80": false, "192.168.0.1:80": false, "128.0.0.1:80": false,
		"localhost.example.com:80": false, "127.0.0.1.example.com:80": false, "127.1:80": false, "0:80": false, "127.0.0.1": false, "": false,
	} {
		if got := (Config{Addr: addr}).Loopback(); got != want {
			t.Errorf("%q: loopback is %v, want %v", addr, got, want)
		}
	}
}

func TestListeningTellsTheRealPort(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	c := load(t, Input{Command: "serve", Args: []string{"--addr=127.0.0.1:0"}}).Config.Listening(listener.Addr())
	if c.Addr != listener.Addr().String() || c.BaseURL != "http://"+c.Addr {
		t.Errorf("got %s and %s, want port of %s", c.Addr, c.BaseURL, listener.Addr())
	}
	c = load(t, Input{Command: "serve", Args: []string{"--addr=127.0.0.1:0", "--base-url=https://a.b/c"}}).Config.Listening(listener.Addr())
	if c.BaseURL != "https://a.b/c" || c.BasePath() != "/c" || c.BaseOrigin() != "https://a.b" || !c.HTTPS() {
		t.Errorf("a base URL that was set became %s, %s, %s", c.BaseURL, c.BasePath(), c.BaseOrigin())
	}
	if c = (Config{Addr: "127.0.0.1:8080", BaseURL: "http://x.localhost"}).Listening(listener.Addr()); c.Addr != "127.0.0.1:8080" {
		t.Errorf("a port that was set became %s", c.Addr)
	}
}

func TestWhoWaitsForLoadBalancers(t *testing.T) {
	for _, tt := range []struct {
		command, args string
		want          time.Duration
	}{
		{"serve", "--data=d", 0},
		{"serve", "--data=d|--drain=3s", 3 * time.Second},
		{"serve", "--data=d|--database=postgres://db", 2 * time.Second},
		{"serve", "--data=d|--database=postgres://db|--drain=0s", 0},
		{"serve", "--data=d|--database=postgres://db|--drain=250ms", 250 * time.Millisecond},
		{"demo", "--database=postgres://db", 0},
	} {
		c := load(t, Input{Command: tt.command, Args: strings.Split(tt.args, "|")}).Config
		if err := c.Check(); err != nil || c.DrainFor() != tt.want {
			t.Errorf("%s %s: %v, want %v (%v)", tt.command, tt.args, c.DrainFor(), tt.want, err)
		}
	}
}
