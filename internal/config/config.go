// Package config holds what an operator can set: one struct, filled from the
// command line, the environment, a YAML file and defaults, in that order of
// force. Every value remembers where it came from. The struct's tags are the
// only list of settings: the parser, the help, `parley config` and
// docs/operate/config.md are all made from them.
package config

import "net/netip"

// Config is everything an operator can set, for one command. It is passed by
// value and never changed after start. Load fills it, Check judges it.
//
// Tags of a field: flag is its name on the command line and in the file, and
// gives its environment name; on lists the commands that read it; place is what
// stands for the value in the help; oneof limits it to these words; unit is what
// a number counts; nofile keeps it out of the file. A field of type Secret is
// never printed.
type Config struct {
	File     string `flag:"config" place:"FILE" on:"serve demo import backup restore doctor" nofile:"true" help:"The settings file, in YAML. Without it, parley.yaml in the data folder is read if it is there."`
	Data     string `flag:"data" place:"DIR" on:"serve demo import backup restore doctor" help:"The folder that holds everything Parley keeps. The demo takes a temporary folder when none is given; every other command needs one."`
	Articles string `flag:"articles" place:"DIR" on:"serve" help:"A folder of Markdown files to serve as articles."`

	Addr    string `flag:"addr" place:"HOST:PORT" default:"127.0.0.1:8080" on:"serve demo" help:"Where the server listens. A missing host, as in :8080, means every interface; port 0 takes a free one."`
	BaseURL string `flag:"base-url" place:"URL" on:"serve demo import" help:"The address that readers see, such as https://forum.example.com or https://www.example.com/_parley. Taken from the listening address when that is a loopback one."`

	Database Secret `flag:"database" place:"URL" on:"serve demo import backup restore doctor" help:"A PostgreSQL address, postgres://…. Empty means SQLite in the data folder."`

	Drain string `flag:"drain" place:"TIME" on:"serve" help:"How long the server still serves once it is told to stop, such as 3s or 500ms, while /readyz says that it is not ready: so long as load balancers need to notice. Without it, 2s with PostgreSQL, where others go on serving, and none with SQLite."`

	NATS      Secret `flag:"nats" place:"URLS" on:"serve" help:"Where several processes on one database tell each other that something is new: nats://name:password@host:4222 or tls://…, several separated by commas. Without it PostgreSQL carries that."`
	NATSCreds string `flag:"nats-creds" place:"FILE" on:"serve" help:"The credentials file of the account at NATS, instead of a name and password in the address."`
	NATSCA    string `flag:"nats-ca" place:"FILE" on:"serve" help:"The certificates, in PEM, that NATS' own is checked against, where the system does not know them."`
	NATSCert  string `flag:"nats-cert" place:"FILE" on:"serve" help:"A client certificate, in PEM, for a NATS that asks for one."`
	NATSKey   string `flag:"nats-key" place:"FILE" on:"serve" help:"The key of that certificate."`

	Site            string   `flag:"site" place:"KEY" default:"main" on:"serve import" help:"The short key of the site, in lower case."`
	SiteName        string   `flag:"site-name" place:"NAME" default:"The forum" on:"serve import" help:"The site's name, as readers see it on pages and in mail."`
	Origins         []string `flag:"origins" place:"ORIGINS" on:"serve import" help:"The exact origins whose pages may embed the conversation, such as https://www.example.com."`
	HoldUnconfirmed bool     `flag:"hold-unconfirmed" default:"false" on:"serve demo" help:"Comments wait until their author has confirmed the mail address."`
	Language        string   `flag:"language" default:"en" oneof:"en" on:"serve demo import" help:"The language of the server's own words."`

	Passages          bool `flag:"passages" default:"true" on:"serve demo import" help:"Readers can talk about passages of a story's text."`
	Questions         bool `flag:"questions" default:"true" on:"serve demo import" help:"Stories can carry one open question."`
	DelicateQuestions bool `flag:"delicate-questions" default:"false" on:"serve demo" help:"Questions on named private people and on numbers of the dead are not refused."`

	Limits         string         `flag:"limits" default:"on" oneof:"on off" on:"serve demo" help:"Rate limits. Off is for measuring, and refused where strangers can reach the server."`
	TrustedProxies []netip.Prefix `flag:"trusted-proxies" place:"NETWORKS" on:"serve demo" help:"The networks of your own proxies, such as 10.0.0.0/8. Only their word about a reader's address is believed."`

	SMTP         string `flag:"smtp" place:"HOST:PORT" on:"serve" help:"The server that takes outgoing mail. Without one nobody can confirm an address."`
	SMTPUser     string `flag:"smtp-user" place:"NAME" on:"serve" help:"The account at the mail server."`
	SMTPPassword Secret `flag:"smtp-password" place:"PASSWORD" on:"serve" help:"The password of that account."`
	SMTPTLS      string `flag:"smtp-tls" default:"starttls" oneof:"starttls tls none" on:"serve" help:"How mail is encrypted on its way out. None is refused with a password, except to this machine."`
	MailFrom     string `flag:"mail-from" place:"ADDRESS" on:"serve" help:"The sender of every mail, such as The Ledger <forum@example.com>."`

	MetricsAddr  string `flag:"metrics-addr" place:"HOST:PORT" on:"serve demo" help:"Serves /metrics and profiles on a port of its own, without a token: for your own machine or network only."`
	MetricsToken Secret `flag:"metrics-token" place:"TOKEN" on:"serve demo" help:"Lets a bearer of this token read /metrics on the main port."`

	Traces            string `flag:"traces" place:"URL" on:"serve demo" help:"The OpenTelemetry collector that traces go to by OTLP over HTTP, such as http://127.0.0.1:4318. Without it, OTEL_EXPORTER_OTLP_ENDPOINT in the environment."`
	TracesRatio       string `flag:"traces-ratio" place:"RATIO" on:"serve demo" help:"How many requests are traced, from 0 to 1. Without it, OTEL_TRACES_SAMPLER_ARG in the environment, or one in a hundred."`
	TracesFromProxies bool   `flag:"traces-from-proxies" default:"false" on:"serve demo" help:"The traceparent header of trusted proxies decides whether a request is traced. Only for proxies that set it anew: readers must not decide."`

	LogFormat string `flag:"log-format" default:"text" oneof:"text json" on:"serve demo import" help:"How log lines are written."`
	LogLevel  string `flag:"log-level" default:"info" oneof:"debug info warn error" on:"serve demo import" help:"The least important line that is still written."`

	Readers  int   `flag:"readers" default:"0" unit:"readers" on:"demo" help:"Made-up readers to add to the hand-written ones."`
	Comments int   `flag:"comments" default:"0" unit:"comments" on:"demo" help:"Made-up comments to add to the hand-written ones."`
	Seed     int64 `flag:"seed" default:"1" on:"demo" help:"The same seed makes the same made-up talk."`

	command string            // which command these settings are for
	sources map[string]string // setting name → where its value came from
}

// Default gives the settings of a command when nobody sets anything.
func Default(command string) Config {
	loaded, err := Load(Input{Command: command})
	if err != nil {
		panic("config: a default does not parse: " + err.Error())
	}
	return loaded.Config
}

// Source says in words where a setting's value came from: "flag --addr",
// "environment PARLEY_ADDR", "file /etc/parley.yaml" or "default". The name is
// the setting's name on the command line, without dashes.
func (c Config) Source(name string) string {
	if source, ok := c.sources[name]; ok {
		return source
	}
	return sourceDefault
}

// sourceDefault is what Source says of a value that nobody set.
const sourceDefault = "default"
